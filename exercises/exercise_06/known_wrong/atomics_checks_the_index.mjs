// belief: Atomics throws for an index that is none
// fails: only_what_is_lent
// says: release(null)

// It makes a number of everything: null is 0, and 0.5 is 0. And number `count` is the lock.

export class BufferPool {
  constructor(shared, count, size) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, count + 1);
    this.count = count;
    this.size = size;
  }

  acquire() {
    const index = this.locked(() => {
      for (let index = 0; index < this.count; index++) {
        if (this.words[index] === 0) {
          this.words[index] = 1;
          return index;
        }
      }
      return null;
    });
    if (index !== null) this.bytes(index).fill(0);
    return index;
  }

  release(index) {

    this.locked(() => {
      if (Atomics.compareExchange(this.words, index, 1, 0) !== 1) throw new RangeError('this buffer is not lent');
    });
  }

  bytes(index) {
    return new Uint8Array(this.shared, this.words.byteLength + index * this.size, this.size);
  }

  locked(work) {
    const lock = this.count;
    while (Atomics.compareExchange(this.words, lock, 0, 1) !== 0) Atomics.wait(this.words, lock, 1);
    try {
      return work();
    } finally {
      Atomics.store(this.words, lock, 0);
      Atomics.notify(this.words, lock, 1);
    }
  }
}
