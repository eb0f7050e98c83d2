// A pool of buffers in one SharedArrayBuffer: a lock, and a word for each buffer that says whether it is lent.

const FREE = 0, LENT = 1; // also of the lock: 0 is what every word starts with, so nobody has to set anything up

/** Lends `count` buffers of `size` bytes. Every worker makes a pool of its own over the same block. */
export class BufferPool {
  #words; // a word for each buffer; the last one is the lock
  #lock;
  #size;
  #block;

  constructor(shared, count, size) {
    this.#block = shared;
    this.#words = new Int32Array(shared, 0, count + 1); // with its length: the block need not end at a whole word
    this.#lock = count;
    this.#size = size;
  }

  /** The number of a zeroed buffer, or null when all are lent. */
  acquire() {
    const index = this.#locked(() => {
      const free = this.#words.subarray(0, this.#lock).indexOf(FREE);
      if (free < 0) return null;
      this.#words[free] = LENT;
      return free;
    });
    if (index !== null) this.bytes(index).fill(0); // it is ours alone by now: no need to keep the others waiting
    return index;
  }

  /** Take a buffer back. */
  release(index) {
    // checked here: Atomics and typed arrays would take null or 0.5 for 0
    if (!Number.isInteger(index) || index < 0 || index >= this.#lock) throw new RangeError(`there is no buffer ${index}`);
    this.#locked(() => {
      if (this.#words[index] !== LENT) throw new RangeError(`buffer ${index} is not lent`);
      this.#words[index] = FREE;
    });
  }

  /** The bytes of a buffer: a view, not a copy. */
  bytes(index) {
    return new Uint8Array(this.#block, this.#words.byteLength + index * this.#size, this.#size);
  }

  #locked(work) {
    while (Atomics.compareExchange(this.#words, this.#lock, FREE, LENT) !== FREE) Atomics.wait(this.#words, this.#lock, LENT);
    try {
      return work();
    } finally {
      Atomics.store(this.#words, this.#lock, FREE);
      Atomics.notify(this.#words, this.#lock, 1);
    }
  }
}
