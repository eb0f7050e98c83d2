// verdict: fail
// says: `inner` awaits at line 8: `await never;`
// hangs: yes
// why: an async function that awaits stands on no stack
const never = new Promise(() => {});

async function inner() {
  await never;
}

export async function work(memory, index) {
  await Promise.resolve();
  await inner();
  return index;
}
