// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
const lock = new Int32Array(new SharedArrayBuffer(4)); // every thread has its own
export function worker({ c }) {
  while (Atomics.compareExchange(lock, 0, 0, 1) !== 0) Atomics.wait(lock, 0, 1);
  c[0]++;
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0, 1);
}
