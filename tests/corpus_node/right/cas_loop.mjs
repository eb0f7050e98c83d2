// {"threads": ["worker", "worker", "worker"], "memory": {"c": [0]}, "check": "c == [3]"}
export function worker({ c }) {
  for (;;) {
    const old = Atomics.load(c, 0);
    if (Atomics.compareExchange(c, 0, old, old + 1) === old) return;
  }
}
