// belief: with two locks the order does not matter, as long as both are taken
// fails: opposite_transfers_end
// says: Deadlock
// shows: an interleaving

// A (0 to 1) takes lock 0, B (1 to 0) takes lock 1; now A waits for lock 1 and B for lock 0, for ever.

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  return locked(memory, source, () => locked(memory, target, () => move(memory, source, target, amount)));
}

function check(source, target, amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  for (const index of [source, target]) {
    if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
  }
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
