// {"threads": ["waiter", "setter"], "memory": {"flag": [0], "done": [0]}, "check": "done == [1]"}
export async function waiter({ flag, done }) {
  const found = Atomics.waitAsync(flag, 0, 0);
  if (found.async) await found.value;
  done[0] = 1;
}
export function setter({ flag }) {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
