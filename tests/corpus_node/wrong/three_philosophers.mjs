// {"threads": ["worker", "worker", "worker"], "memory": {"forks": [0, 0, 0], "eaten": [0]}, "check": "eaten == [3]", "kind": "deadlock"}
const take = (forks, i) => {
  while (Atomics.compareExchange(forks, i, 0, 1) !== 0) Atomics.wait(forks, i, 1);
};
const put = (forks, i) => {
  Atomics.store(forks, i, 0);
  Atomics.notify(forks, i);
};
export function worker({ forks, eaten }, me) {
  take(forks, me);
  take(forks, (me + 1) % 3);
  Atomics.add(eaten, 0, 1);
  put(forks, (me + 1) % 3);
  put(forks, me);
}
