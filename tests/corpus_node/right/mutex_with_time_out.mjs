// {"threads": ["worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 2"}
export function worker({ m }) {
  while (Atomics.compareExchange(m, 0, 0, 1) !== 0) Atomics.wait(m, 0, 1, 10);
  m[1]++;
  Atomics.store(m, 0, 0);
}
