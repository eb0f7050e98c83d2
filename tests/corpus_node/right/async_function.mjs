// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]"}
export async function worker({ c }) {
  await Promise.resolve().then(() => null);
  Atomics.add(c, 0, 1);
}
