// {"memory": {"done": [0]}, "check": "done[0] == 1"}
export async function run({ done }, answer) {
  let free = 1;
  const line = [];
  const take = async () => {
    if (free > 0) free--;
    else await new Promise((go) => line.push(go));
  };
  const give = () => (line.length ? line.shift()() : free++);
  const work = async (fails) => {
    await take();
    try {
      await answer();
      if (fails) throw new Error('no luck');
      done[0]++;
    } finally {
      give();
    }
  };
  await Promise.all([work(true).catch(() => {}), work(false)]);
}
