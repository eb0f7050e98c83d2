// {"threads": ["worker", "worker"], "memory": {"b": [0], "part": [0, 0], "sum": [0, 0]}, "check": "sum == [3, 3]"}
export function worker({ b, part, sum }, me) {
  part[me] = me + 1;
  if (Atomics.add(b, 0, 1) + 1 === 2) Atomics.notify(b, 0);
  for (let n; (n = Atomics.load(b, 0)) < 2; ) Atomics.wait(b, 0, n);
  sum[me] = part[0] + part[1];
}
