// belief: who has counted itself in has a buffer
// fails: one_buffer_one_holder
// says: at no moment
// shows: an interleaving

// B counts itself in, and looks for a free buffer. A, which has buffer 0, asks for another: the count is
// full, so null, though nobody has buffer 1. Then A gives buffer 0 back, and B takes that.

export class BufferPool {
  constructor(shared, count, size) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, count + 1);
    this.count = count;
    this.size = size;
  }

  acquire() {
    // word `count` says how many are lent
    for (;;) {
      const lent = Atomics.load(this.words, this.count);
      if (lent === this.count) return null;
      if (Atomics.compareExchange(this.words, this.count, lent, lent + 1) === lent) break;
    }
    for (let index = 0; ; index = (index + 1) % this.count) { // there is one for us
      if (Atomics.compareExchange(this.words, index, 0, 1) === 0) {
        this.bytes(index).fill(0);
        return index;
      }
    }
  }

  release(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) throw new RangeError('there is no such buffer');
    if (Atomics.compareExchange(this.words, index, 1, 0) !== 1) throw new RangeError('this buffer is not lent');
    Atomics.sub(this.words, this.count, 1);
  }

  bytes(index) {
    return new Uint8Array(this.shared, this.words.byteLength + index * this.size, this.size);
  }
}
