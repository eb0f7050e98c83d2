// {"threads": ["worker", "worker", "worker"], "memory": {"c": [0]}, "check": "c == [3]"}
export function worker({ c }) {
  Atomics.add(c, 0, 1);
}
