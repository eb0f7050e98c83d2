// {"threads": [["worker", [0, 1]], ["worker", [1, 0]]], "memory": {"locks": [0, 0], "c": [0]}, "check": "c == [2]", "kind": "livelock"}
const lock = (locks, i) => {
  while (Atomics.compareExchange(locks, i, 0, 1) !== 0);
};
export function worker({ locks, c }, index, first, second) {
  lock(locks, first);
  lock(locks, second);
  c[0]++;
  Atomics.store(locks, second, 0);
  Atomics.store(locks, first, 0);
}
