// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "True"}
export async function worker({ c }) {
  await Atomics.waitAsync(c, 0, 0, 10).value;
}
