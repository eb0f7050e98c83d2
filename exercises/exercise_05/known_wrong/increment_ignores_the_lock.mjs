// belief: an atomic add needs no agreement with anybody
// fails: increments_beside_transfers
// says: lost
// shows: an interleaving

// A transfer reads 5 from its target, an increment makes it 6, the transfer writes 5 plus the amount: the
// increment is gone. The lock does not help, because increment never asks for it.

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  const [low, high] = [Math.min(source, target), Math.max(source, target)];
  return locked(memory, low, () => locked(memory, high, () => move(memory, source, target, amount)));
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
