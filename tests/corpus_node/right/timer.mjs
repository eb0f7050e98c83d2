// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]"}
export async function worker({ c }) {
  await new Promise((resolve) => setTimeout(resolve, 1));
  Atomics.add(c, 0, 1);
}
