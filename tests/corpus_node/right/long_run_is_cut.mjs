// {"threads": ["run", "run"], "memory": {"c": [0]}, "check": "True", "max_schedules": 6}
export function run({ c }) {
  for (let i = 0; i < 500_000; i++) Atomics.add(c, 0, i);
}
