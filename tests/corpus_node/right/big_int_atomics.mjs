// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [2, 0]"}
export function worker({ c }) {
  Atomics.add(new BigInt64Array(c.buffer), 0, 1n);
}
