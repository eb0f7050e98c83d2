// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
export async function worker({ c }) {
  const seen = c[0];
  await null;
  c[0] = seen + 1;
}
