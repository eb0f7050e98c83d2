// {"threads": ["run"], "memory": {"out": [0]}, "check": "out == [0]", "kind": "check"}
export function run({ out }) {
  if (Math.random() < 0.5) out[0] = 1;
}
