// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "True", "kind": "busy loop"}
export function worker({ c }) {
  const seen = c[0];
  c[0] = seen + 1;
  let n = Atomics.load(c, 0) - seen;
  while (n !== 1) n = (n * 3) | 2;
}
