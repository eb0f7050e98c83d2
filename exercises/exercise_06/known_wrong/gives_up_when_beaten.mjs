// belief: when an exchange fails, there is nothing to be had
// fails: null_only_when_all_are_lent
// says: at no moment
// shows: an interleaving

// The count was changed by another, perhaps because a buffer came back.

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
      if (Atomics.compareExchange(this.words, this.count, lent, lent + 1) !== lent) return null;
      break;
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
