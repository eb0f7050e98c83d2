// {"threads": ["add", "add"], "memory": {"c": [0, 0], "lock": [0]}, "check": "c[0] == 2 and c[1] == 2"}
export function add({ c, lock }) {
  while (Atomics.compareExchange(lock, 0, 0, 1) !== 0) Atomics.wait(lock, 0, 1);
  const own = new Int32Array(2);
  own.set(c);
  c.set(own.map((n) => n + 1));
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0, 1);
}
