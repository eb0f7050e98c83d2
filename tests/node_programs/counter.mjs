// Small threads over one word or two.
export function plain({ words }) {
  words[0]++;
}

export function safe({ words }) {
  Atomics.add(words, 0, 1);
}

export function addAndTell({ words }, index, amount = 1) {
  return { index, before: Atomics.add(words, 0, amount) };
}

export function sleeper({ words }, index) {
  Atomics.wait(words, 0, 0);
  Atomics.store(words, 1 + Atomics.add(words, 1, 1), index);
}

export function wakeOne({ words }) {
  Atomics.notify(words, 0, 1);
}

export function napper({ words }) {
  return Atomics.wait(words, 0, 0, 100);
}

export function wakeAll({ words }) {
  Atomics.store(words, 0, 1);
  Atomics.notify(words, 0);
}

export function noisy({ words }) {
  console.log('a'.repeat(10_000));
  console.error('b');
  Atomics.add(words, 0, 1);
}

export function throws() {
  throw new RangeError('no such account');
}

export function spins() {
  for (;;);
}
