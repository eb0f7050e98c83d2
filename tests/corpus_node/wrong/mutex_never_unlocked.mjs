// {"threads": ["worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 2", "kind": "livelock"}
export function worker({ m }) {
  while (Atomics.compareExchange(m, 0, 0, 1) !== 0);
  m[1]++;
}
