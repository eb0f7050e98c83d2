// {"threads": ["run", "run"], "memory": {"c": [1, 2]}, "check": "sorted(c) == [1, 2]", "kind": "check"}
export function run({ c }) {
  [c[0], c[1]] = [c[1], c[0]];
}
