// No lock: each word is tried in turn. The last word counts what came back; where that changed while it looked, it looks
// again before it says null.

export class BufferPool {
  constructor(shared, count, size) {
    Object.assign(this, { shared, count, size, words: new Int32Array(shared, 0, count + 1) });
  }

  acquire() {
    for (;;) {
      const before = Atomics.load(this.words, this.count);
      for (let index = 0; index < this.count; index++) {
        if (Atomics.compareExchange(this.words, index, 0, 1) === 0) {
          this.bytes(index).set(new Uint8Array(this.size));
          return index;
        }
      }
      if (Atomics.load(this.words, this.count) === before) return null;
    }
  }

  release(index) {
    if (!(Number.isInteger(index) && index >= 0 && index < this.count)) throw new TypeError('there is no such buffer');
    if (Atomics.compareExchange(this.words, index, 1, 2) !== 1) throw new RangeError('this buffer is not lent');
    Atomics.add(this.words, this.count, 1);
    Atomics.store(this.words, index, 0);
  }

  bytes(index) {
    const begin = 4 * (this.count + 1) + index * this.size;
    return new Uint8Array(this.shared).subarray(begin, begin + this.size);
  }
}
