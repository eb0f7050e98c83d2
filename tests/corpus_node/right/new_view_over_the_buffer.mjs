// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [0, 2]"}
export function worker({ c }) {
  const mine = new Uint32Array(c.buffer, 4, 1);
  Atomics.add(mine, 0, 1);
}
