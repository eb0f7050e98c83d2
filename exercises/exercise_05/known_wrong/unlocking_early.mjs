// belief: only the reading must be locked, what was read is mine
// fails: total_is_kept
// says: it is 1
// shows: an interleaving

// A (30 from 0 to 1) reads 100 and 50 and unlocks. B moves 10 from 1 to 2, so word 1 holds 40. A writes 80
// there instead of 70: 10 have come from nowhere.

export function increment(memory, index) {
  locked(memory, index, () => {
    memory[index] += 1;
  });
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  const [low, high] = [Math.min(source, target), Math.max(source, target)];
  const [giving, taking] = locked(memory, low, () => locked(memory, high, () => [memory[source], memory[target]]));
  if (giving < amount) return false;
  Atomics.store(memory, source, giving - amount);
  Atomics.store(memory, target, taking + amount);
  return true;
}

function check(source, target, amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  for (const index of [source, target]) {
    if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
  }
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
