// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "True", "kind": "exception"}
export function worker({ c }) {
  const seen = c[0];
  c[0] = seen + 1;
  if (Atomics.load(c, 0) !== seen + 1) throw new RangeError('somebody was here');
  Atomics.sub(c, 0, 1);
}
