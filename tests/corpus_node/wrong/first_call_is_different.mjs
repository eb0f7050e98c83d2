// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
let first = true;
export function worker({ c }) {
  if (first) c[0]++;
  else Atomics.add(c, 0, 1);
  first = false;
}
