// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [2, 2]", "kind": "check"}
export function worker({ c }) {
  const [a, b] = c;
  c.set([a + 1, b + 1]);
}
