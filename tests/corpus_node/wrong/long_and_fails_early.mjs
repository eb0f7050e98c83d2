// {"threads": ["run", "run"], "memory": {"taken": [0], "c": [0]}, "check": "True", "kind": "exception"}
export function run({ taken, c }) {
  if (Atomics.load(taken, 0) === 0) Atomics.add(taken, 0, 1);
  if (Atomics.load(taken, 0) === 2) throw new Error('taken twice');
  for (let i = 0; i < 1_000_000; i++) Atomics.add(c, 0, i);
}
