// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
export function worker({ c }) {
  queueMicrotask(() => queueMicrotask(() => c[0]++));
}
