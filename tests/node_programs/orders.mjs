// A thread that does what its argument lists, and gives back what it has seen.
const STEPS = {
  read: (words, at) => words[at],
  write: (words, at, value) => void (words[at] = value),
  halves: (words, at, value) => void (new Int16Array(words.buffer)[2 * at + 1] = value),
  load: (words, at) => Atomics.load(words, at),
  store: (words, at, value) => void Atomics.store(words, at, value),
  add: (words, at, value) => Atomics.add(words, at, value),
  swap: (words, at, value) => Atomics.compareExchange(words, at, 0, value),
  fill: (words, at, value) => void words.fill(value),
  sum: (words) => words.reduce((sum, word) => sum + word),
  wait: (words, at) => Atomics.wait(words, at, 0),
  notify: (words, at, count) => Atomics.notify(words, at, count),
  // These two belong together: nobody sleeps for ever.
  await(words, at) {
    let slept = 0;
    for (; Atomics.load(words, at) === 0; slept++) Atomics.wait(words, at, 0);
    return slept;
  },
  tell(words, at, value) {
    Atomics.store(words, at, value);
    return Atomics.notify(words, at);
  },
};

export function thread({ words }, me, steps) {
  return steps.map(([name, at, value]) => STEPS[name](words, at, value) ?? null);
}

export function adds({ words }, me, rounds) {
  for (let i = 0; i < rounds; i++) Atomics.add(words, 0, 1);
}

export function apart({ words }, me) {
  words[me] = words[me] + 1;
}

export function timed({ words }) {
  Atomics.wait(words, 0, 0, 10);
}

export function draws({ words }) {
  Atomics.store(words, 0, Math.floor(Math.random() * 10));
}

export function looksAtTheClock({ words }, me) {
  words[me] = Date.now() & 1;
}
