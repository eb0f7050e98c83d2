// belief: two atomic steps in a row are one atomic step
// beliefs: 17
// fails: transfers_are_whole
// says: order
// shows: an interleaving

// Words 0 and 1 hold 10 each. A (0 to 1) and B (1 to 0) have both taken their 10 and not given them yet. C
// asks for 10 from word 0, D for 10 from word 1: both get false. With whole transfers, A before B empties
// only word 0, B before A only word 1: one of C and D must get true.

export function increment(memory, index) {
  Atomics.add(memory, index, 1);
}

export function transfer(memory, source, target, amount) {
  check(source, target, amount);
  if (source === target) return true;
  for (;;) {
    const before = Atomics.load(memory, source);
    if (before < amount) return false;
    if (Atomics.compareExchange(memory, source, before, before - amount) === before) break;
  }
  Atomics.add(memory, target, amount);
  return true;
}

function check(source, target, amount) {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('amount must be a whole number of at least 1');
  for (const index of [source, target]) {
    if (!Number.isInteger(index) || index < 0 || index > 7) throw new RangeError('there is no such word');
  }
}
