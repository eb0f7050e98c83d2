// {"threads": ["worker", "worker", "worker"], "memory": {"s": [2], "c": [0]}, "check": "c == [3]", "kind": "check"}
export function worker({ s, c }) {
  for (;;) {
    const free = Atomics.load(s, 0);
    if (free === 0) Atomics.wait(s, 0, 0);
    else if (Atomics.compareExchange(s, 0, free, free - 1) === free) break;
  }
  c[0]++;
  Atomics.add(s, 0, 1);
  Atomics.notify(s, 0, 1);
}
