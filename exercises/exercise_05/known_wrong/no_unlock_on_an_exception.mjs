// belief: an unlock at the end of the function is always reached
// fails: locks_are_released
// says: Blocked

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  checkAmount(amount);
  for (const index of [source, target]) checkIndex(index);
  if (source === target) return true;
  try {
    lock(memory, Math.min(source, target));
    lock(memory, Math.max(source, target));
    withdraw(memory, source, amount);
    Atomics.add(memory, target, amount);
    unlock(memory, source);
    unlock(memory, target);
    return true;
  } catch {
    return false;
  }
}

function withdraw(memory, source, amount) {
  if (Atomics.load(memory, source) < amount) throw new RangeError('too little');
  Atomics.sub(memory, source, amount);
}

function checkAmount(amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
}

function checkIndex(index) {
  if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
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
