// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [0, 2]", "kind": "check"}
export function worker({ c }) {
  const part = c.subarray(1);
  part[0] -= -1;
}
