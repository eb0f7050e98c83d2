// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "True", "kind": "exception"}
export function worker({ c }) {
  if (Atomics.add(c, 0, 1) === 1) throw 'a text';
}
