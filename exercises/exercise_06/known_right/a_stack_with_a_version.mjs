// The free buffers as a stack without a lock: the last word holds its top and, in the upper half, a version that counts
// up with each change, so that a top which went and came back is not taken for the same.

const LENT = -1_000_000;

export class BufferPool {
  constructor(shared, count, size) {
    Object.assign(this, { shared, count, size, words: new Int32Array(shared, 0, count + 1) });
  }

  acquire() {
    for (;;) {
      const head = Atomics.load(this.words, this.count), top = head & 0xffff;
      if (top === this.count) return null;
      const below = top + 1 + Atomics.load(this.words, top); // 0 at first: below each lies the next
      if (below < 0 || below > this.count) continue; // somebody has taken the top meanwhile
      if (Atomics.compareExchange(this.words, this.count, head, next(head) | below) !== head) continue;
      Atomics.store(this.words, top, LENT);
      this.bytes(top).fill(0);
      return top;
    }
  }

  release(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) throw new RangeError('there is no such buffer');
    if (Atomics.compareExchange(this.words, index, LENT, 0) !== LENT) throw new RangeError('this buffer is not lent');
    for (;;) {
      const head = Atomics.load(this.words, this.count);
      Atomics.store(this.words, index, (head & 0xffff) - index - 1);
      if (Atomics.compareExchange(this.words, this.count, head, next(head) | index) === head) return;
    }
  }

  bytes(index) {
    return new Uint8Array(this.shared, 4 * (this.count + 1) + index * this.size, this.size);
  }
}

const next = (head) => ((head >>> 16) + 1) << 16;
