// {"threads": ["worker", "worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 3", "kind": "check"}
export function worker({ m }, index) {
  if (index === 2) Atomics.store(m, 0, 0);
  while (Atomics.compareExchange(m, 0, 0, 1) !== 0);
  m[1]++;
  Atomics.store(m, 0, 0);
}
