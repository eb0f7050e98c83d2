// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [2, 2]", "kind": "check"}
export function worker({ c }) {
  c.set(c.map((x) => x + 1));
}
