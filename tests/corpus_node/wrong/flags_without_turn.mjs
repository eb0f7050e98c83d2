// {"threads": ["worker", "worker"], "memory": {"flag": [0, 0], "c": [0]}, "check": "c == [2]", "kind": "livelock"}
export function worker({ flag, c }, me) {
  Atomics.store(flag, me, 1);
  while (Atomics.load(flag, 1 - me) === 1);
  c[0]++;
  Atomics.store(flag, me, 0);
}
