// {"threads": ["run", "run"], "memory": {"m": [0, 0]}, "check": "m == [0, 2]"}
class Guarded extends Int32Array {
  locked(work) {
    while (Atomics.compareExchange(this, 0, 0, 1) !== 0) Atomics.wait(this, 0, 1);
    work();
    Atomics.store(this, 0, 0);
    Atomics.notify(this, 0, 1);
  }
}
export function run({ m }) {
  const guarded = new Guarded(m.buffer);
  guarded.locked(() => guarded[1]++);
}
