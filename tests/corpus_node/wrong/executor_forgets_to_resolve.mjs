// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]", "kind": "deadlock"}
export async function run({ done }) {
  const jobs = [1, 2, 3].map((n) => new Promise((resolve) => setTimeout(() => n !== 2 && resolve(n), n)));
  await Promise.all(jobs);
  done[0] = 1;
}
