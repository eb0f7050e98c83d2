// {"threads": ["consumer", "consumer", "producer", "producer"], "memory": {"q": [0, 0, 0]}, "check": "q[0] == 0", "max_schedules": 1500}
const lock = (q) => {
  while (Atomics.compareExchange(q, 1, 0, 1) !== 0) Atomics.wait(q, 1, 1);
};
const unlock = (q) => {
  Atomics.store(q, 1, 0);
  Atomics.notify(q, 1, 1);
};
// q[0] items, q[1] lock, q[2] the sequence that everybody sleeps on
const waitOn = (q) => {
  const seen = Atomics.load(q, 2);
  unlock(q);
  Atomics.wait(q, 2, seen);
  lock(q);
};
const signal = (q) => {
  Atomics.add(q, 2, 1);
  Atomics.notify(q, 2, Infinity);
};
export function producer({ q }) {
  lock(q);
  while (q[0] === 1) waitOn(q);
  q[0]++;
  signal(q);
  unlock(q);
}
export function consumer({ q }) {
  lock(q);
  while (q[0] === 0) waitOn(q);
  q[0]--;
  signal(q);
  unlock(q);
}
