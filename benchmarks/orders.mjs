// Counters for orders.py: each thread adds `turns` times.
export function atomic({ words }, me, turns) {
  for (let i = 0; i < turns; i++) Atomics.add(words, 1, 1);
}

export function plain({ words }, me, turns) {
  for (let i = 0; i < turns; i++) words[1]++;
}

/** Under a mutex of three states: free, locked, locked with sleepers. */
export function locked({ words }, me, turns) {
  for (let i = 0; i < turns; i++) {
    if (Atomics.compareExchange(words, 0, 0, 1) !== 0)
      while (Atomics.exchange(words, 0, 2) !== 0) Atomics.wait(words, 0, 2);
    words[1]++;
    if (Atomics.exchange(words, 0, 0) === 2) Atomics.notify(words, 0, 1);
  }
}
