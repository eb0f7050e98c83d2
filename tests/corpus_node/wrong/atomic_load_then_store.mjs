// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
export function worker({ c }) {
  Atomics.store(c, 0, Atomics.load(c, 0) + 1);
}
