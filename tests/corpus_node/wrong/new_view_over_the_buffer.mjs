// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [0, 2]", "kind": "check"}
export function worker({ c }) {
  const mine = new Int32Array(c.buffer, 4, 1);
  mine[0] = mine[0] + 1;
}
