// {"script": "accounts.mjs", "threads": [["move", [0, 1, 30]], ["move", [1, 0, 20]], ["add", [0]]], "memory": {"words": [100, 50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}, "check": "words[:2] == [91, 60]", "max_schedules": 2000}
const checked = (memory, source, target, amount) => {
  if (!Number.isInteger(amount) || amount < 1) throw new RangeError('the amount is a whole number of at least 1');
  for (const i of [source, target]) if (!Number.isInteger(i) || i < 0 || i > 7) throw new RangeError('no such account');
};
class Mutex {
  constructor(memory, index) {
    this.word = new Int32Array(memory.buffer, memory.byteOffset + 4 * (8 + index), 1);
  }
  run(work) {
    while (Atomics.compareExchange(this.word, 0, 0, 1)) Atomics.wait(this.word, 0, 1, 50);
    try {
      return work();
    } finally {
      Atomics.exchange(this.word, 0, 0);
      Atomics.notify(this.word, 0);
    }
  }
}
export function increment(memory, index) {
  new Mutex(memory, index).run(() => memory[index]++);
}
export function transfer(memory, source, target, amount) {
  checked(memory, source, target, amount);
  if (source === target) return true;
  const [low, high] = [source, target].sort((a, b) => a - b).map((i) => new Mutex(memory, i));
  return low.run(() =>
    high.run(() => {
      if (memory[source] < amount) return false;
      memory[source] = memory[source] - amount;
      memory[target] = memory[target] + amount;
      return true;
    }),
  );
}
