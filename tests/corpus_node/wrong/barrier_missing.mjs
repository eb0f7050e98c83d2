// {"threads": ["worker", "worker"], "memory": {"part": [0, 0], "sum": [0, 0]}, "check": "sum == [3, 3]", "kind": "check"}
export function worker({ part, sum }, me) {
  part[me] = me + 1;
  sum[me] = part[0] + part[1];
}
