// {"threads": ["run", "run"], "memory": {"c": [0]}, "check": "c == [18000]", "kind": "check"}
export function run({ c }) {
  for (let i = 0; i < 9_000; i++) c[0]++;
}
