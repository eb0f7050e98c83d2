// belief: who calls the function passes a sensible amount
// fails: amounts_are_checked
// says: should be a RangeError or a TypeError

// An amount of -5 moves 5 the other way, without a look at the value there; 1.5 is cut to 1.

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(source, target);
  if (source === target) return true;
  const [low, high] = [Math.min(source, target), Math.max(source, target)];
  return locked(memory, low, () => locked(memory, high, () => move(memory, source, target, amount)));
}

function check(source, target) {
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
