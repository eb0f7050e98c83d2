// An increment that is one atomic step, and a transfer behind two locks.

const VALUES = 8; // words 0 to 7; the lock of a word lies 8 further on
const FREE = 0;
const HELD = 1;

/** Add 1 to a word. */
export function increment(memory, index) {
  // It takes no lock, so a transfer may not rely on its locks alone: it changes the words by atomic steps as well.
  Atomics.add(memory, valid(index), 1);
}

/** Move amount from one word to another; false when the source holds too little. */
export function transfer(memory, source, target, amount) {
  // All that can be refused without a look at a value is refused here, before any lock is taken.
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  valid(source);
  valid(target);
  if (source === target) return true; // the same lock taken twice would wait for itself

  // Everybody takes the lower word first, so no two transfers ever wait for each other.
  return locked(memory, Math.min(source, target), () =>
    locked(memory, Math.max(source, target), () => {
      // Whoever takes money away holds this lock. An increment in between can only add, so the answer stays true.
      if (Atomics.load(memory, source) < amount) return false;
      Atomics.sub(memory, source, amount);
      Atomics.add(memory, target, amount);
      return true;
    }),
  );
}

function valid(index) {
  if (!Number.isInteger(index) || index < 0 || index >= VALUES) throw new RangeError('index must be a whole number from 0 to 7');
  return index;
}

/** Call work while holding a word's lock. */
function locked(memory, index, work) {
  const word = index + VALUES;
  // Waking up is no promise: another thread may have been quicker. So look again, until the lock is ours.
  while (Atomics.compareExchange(memory, word, FREE, HELD) !== FREE) Atomics.wait(memory, word, HELD);
  try {
    return work();
  } finally {
    Atomics.store(memory, word, FREE); // first free, then wake: the other way round, the one who wakes finds it held
    Atomics.notify(memory, word, 1);
  }
}
