// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [2, 0]", "kind": "check"}
export function worker({ c }) {
  const wide = new BigInt64Array(c.buffer);
  wide[0] += 1n;
}
