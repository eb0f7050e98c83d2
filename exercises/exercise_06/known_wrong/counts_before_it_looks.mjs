// belief: a count that is put right again at once was never wrong
// fails: one_buffer_one_holder
// says: at no moment
// shows: an interleaving

// All are lent. A counts itself, and is about to take that back. Now a buffer comes back; B asks for it,
// and finds A in the count.

export class BufferPool {
  constructor(shared, count, size) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, count + 1);
    this.count = count;
    this.size = size;
  }

  acquire() {
    // word `count` says how many are lent
    if (Atomics.add(this.words, this.count, 1) >= this.count) {
      Atomics.sub(this.words, this.count, 1);
      return null;
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
