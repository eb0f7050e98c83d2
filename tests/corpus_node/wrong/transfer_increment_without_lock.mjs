// {"script": "accounts.mjs", "threads": [["add", [0]], ["move", [0, 1, 30]]], "memory": {"words": [100, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}, "check": "words[:2] == [71, 80]", "kind": "check"}
const checked = (memory, source, target, amount) => {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('the amount is a whole number of at least 1');
  for (const i of [source, target]) if (!Number.isInteger(i) || i < 0 || i > 7) throw new RangeError('no such account');
};
const lock = (memory, i) => {
  while (Atomics.compareExchange(memory, i + 8, 0, 1) !== 0) Atomics.wait(memory, i + 8, 1);
};
const unlock = (memory, i) => {
  Atomics.store(memory, i + 8, 0);
  Atomics.notify(memory, i + 8, 1);
};

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}
export function transfer(memory, source, target, amount) {
  checked(memory, source, target, amount);
  if (source === target) return true;
  const [first, second] = source < target ? [source, target] : [target, source];
  lock(memory, first);
  lock(memory, second);
  try {
    if (memory[source] < amount) return false;
    memory[source] -= amount;
    memory[target] += amount;
    return true;
  } finally {
    unlock(memory, second);
    unlock(memory, first);
  }
}
