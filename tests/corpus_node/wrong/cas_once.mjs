// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
export function worker({ c }) {
  const old = Atomics.load(c, 0);
  Atomics.compareExchange(c, 0, old, old + 1);
}
