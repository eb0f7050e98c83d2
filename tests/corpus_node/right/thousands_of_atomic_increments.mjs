// {"threads": ["run", "run"], "memory": {"c": [0]}, "check": "c == [18000]", "max_schedules": 10}
export function run({ c }) {
  for (let i = 0; i < 9_000; i++) Atomics.add(c, 0, 1);
}
