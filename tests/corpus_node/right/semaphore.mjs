// {"threads": ["worker", "worker", "worker"], "memory": {"s": [2], "inside": [0], "most": [0]}, "check": "most[0] <= 2", "max_schedules": 1500}
export function worker({ s, inside, most }) {
  for (;;) {
    const free = Atomics.load(s, 0);
    if (free === 0) Atomics.wait(s, 0, 0);
    else if (Atomics.compareExchange(s, 0, free, free - 1) === free) break;
  }
  if (Atomics.add(inside, 0, 1) + 1 > 2) Atomics.store(most, 0, 3);
  Atomics.sub(inside, 0, 1);
  Atomics.add(s, 0, 1);
  Atomics.notify(s, 0, 1);
}
