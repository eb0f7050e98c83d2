// belief: returning from a function lets go of the locks it took
// fails: locks_are_released
// says: Blocked

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  lock(memory, Math.min(source, target));
  lock(memory, Math.max(source, target));
  if (Atomics.load(memory, source) < amount) return false;
  Atomics.sub(memory, source, amount);
  Atomics.add(memory, target, amount);
  unlock(memory, source);
  unlock(memory, target);
  return true;
}

function check(source, target, amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  for (const index of [source, target]) {
    if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
  }
}

function lock(memory, index) {
  const word = index + 8;
  while (Atomics.compareExchange(memory, word, 0, 1) !== 0) Atomics.wait(memory, word, 1);
}

function unlock(memory, index) {
  const word = index + 8;
  Atomics.store(memory, word, 0);
  Atomics.notify(memory, word, 1);
}
