// {"threads": ["worker", "worker"], "memory": {"flag": [0, 0], "turn": [0], "c": [0]}, "check": "c == [2]", "kind": "check"}
export function worker({ flag, turn, c }, me) {
  const other = 1 - me;
  Atomics.store(turn, 0, other);
  Atomics.store(flag, me, 1);
  while (Atomics.load(flag, other) === 1 && Atomics.load(turn, 0) === other);
  c[0]++;
  Atomics.store(flag, me, 0);
}
