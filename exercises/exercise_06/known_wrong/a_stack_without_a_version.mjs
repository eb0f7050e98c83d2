// belief: a top that is the same as before was never away
// fails: one_buffer_one_holder
// says: Two workers have buffer
// shows: an interleaving

// The ABA problem. A reads that 0 is on top and 1 below. B takes 0 and 1 and gives 0 back: 0 is on top
// again, so A takes it, and makes 1 the new top, which B still has.

// The free buffers as a stack in the words: the last word is the top, each buffer's word what lies below it.
// All words start at 0, so they hold numbers that mean something when they are 0: the top is `top`, and below n lies
// n + 1 + word n. A lent buffer's word is LENT.
const LENT = -1_000_000;

export class BufferPool {
  constructor(shared, count, size) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, count + 1);
    this.count = count;
    this.size = size;
  }

  acquire() {
    for (;;) {
      const top = Atomics.load(this.words, this.count);
      if (top === this.count) return null;
      const below = top + 1 + Atomics.load(this.words, top);
      if (Atomics.compareExchange(this.words, this.count, top, below) === top) {
        Atomics.store(this.words, top, LENT);
        this.bytes(top).fill(0);
        return top;
      }
    }
  }

  release(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) throw new RangeError('there is no such buffer');
    if (Atomics.compareExchange(this.words, index, LENT, 0) !== LENT) throw new RangeError('this buffer is not lent');
    for (;;) {
      const top = Atomics.load(this.words, this.count);
      Atomics.store(this.words, index, top - index - 1);
      if (Atomics.compareExchange(this.words, this.count, top, index) === top) return;
    }
  }

  bytes(index) {
    return new Uint8Array(this.shared, this.words.byteLength + index * this.size, this.size);
  }
}
