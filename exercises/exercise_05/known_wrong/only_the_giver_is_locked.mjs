// belief: only the word that loses money needs its lock
// fails: total_is_kept
// says: it is 1
// shows: an interleaving

// A (0 to 2) and B (1 to 2) hold different locks. Both read word 2, and the second write undoes the first.

export function increment(memory, index) {
  locked(memory, index, () => {
    memory[index] += 1;
  });
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  return locked(memory, source, () => move(memory, source, target, amount));
}

function check(source, target, amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  for (const index of [source, target]) {
    if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
  }
}

function move(memory, source, target, amount) {
  if (memory[source] < amount) return false;
  memory[source] -= amount;
  memory[target] += amount;
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
