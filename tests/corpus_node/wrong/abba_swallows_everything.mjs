// {"threads": [["worker", [0, 1]], ["worker", [1, 0]]], "memory": {"locks": [0, 0], "c": [0]}, "check": "c == [2]", "kind": "deadlock"}
const lock = (locks, i) => {
  while (Atomics.compareExchange(locks, i, 0, 1) !== 0) Atomics.wait(locks, i, 1);
};
const unlock = (locks, i) => {
  Atomics.store(locks, i, 0);
  Atomics.notify(locks, i, 1);
};
export function worker({ locks, c }, index, first, second) {
  for (;;) {
    try {
      lock(locks, first);
      lock(locks, second);
      c[0]++;
      unlock(locks, second);
      unlock(locks, first);
      return;
    } catch {
      // try again
    }
  }
}
