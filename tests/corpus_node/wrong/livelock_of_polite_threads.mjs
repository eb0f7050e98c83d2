// {"threads": ["worker", "worker"], "memory": {"want": [0, 0], "c": [0]}, "check": "True", "kind": "livelock"}
export function worker({ want, c }, me) {
  const other = 1 - me;
  for (;;) {
    Atomics.store(want, me, 1);
    if (Atomics.load(want, other) === 0) break;
  }
  c[0]++;
}
