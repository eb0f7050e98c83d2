// belief: Atomics throws for a wrong index, so nothing needs checking before
// fails: indices_are_checked
// says: should leave

// Atomics does throw for a target of -1, but only after the source has paid. It knows the 16 words of the
// array, not the 8 values of the exercise; it cuts 0.5 to 0; and a transfer from 20 to 20 never gets as
// far as Atomics.

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(amount);
  if (source === target) return true;
  const [low, high] = [Math.min(source, target), Math.max(source, target)];
  return locked(memory, low, () => locked(memory, high, () => move(memory, source, target, amount)));
}

function check(amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
}

function move(memory, source, target, amount) {
  if (Atomics.load(memory, source) < amount) return false;
  Atomics.sub(memory, source, amount);
  Atomics.add(memory, target, amount);
  return true;
}

function locked(memory, index, work) {
  const word = index + 8;
  while (Atomics.compareExchange(memory, word, 0, 1) !== 0) Atomics.wait(memory, word, 1);
  try {
    return work();
  } finally {
    Atomics.store(memory, word, 0);
    Atomics.notify(memory, word, 1);
  }
}
