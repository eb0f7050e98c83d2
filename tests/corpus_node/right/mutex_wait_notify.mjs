// {"threads": ["worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 2"}
// 0 free, 1 held, 2 held and somebody may sleep
export function worker({ m }) {
  if (Atomics.compareExchange(m, 0, 0, 1) !== 0) while (Atomics.exchange(m, 0, 2) !== 0) Atomics.wait(m, 0, 2);
  m[1]++;
  if (Atomics.exchange(m, 0, 0) === 2) Atomics.notify(m, 0, 1);
}
