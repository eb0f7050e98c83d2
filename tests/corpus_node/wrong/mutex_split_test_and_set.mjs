// {"threads": ["worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 2", "kind": "check"}
export function worker({ m }) {
  while (Atomics.load(m, 0) !== 0);
  Atomics.store(m, 0, 1);
  m[1]++;
  Atomics.store(m, 0, 0);
}
