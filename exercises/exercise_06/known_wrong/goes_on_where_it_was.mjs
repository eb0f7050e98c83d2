// belief: whoever has looked at every word has seen that all are lent
// fails: null_only_when_all_are_lent
// says: at no moment
// shows: an interleaving

// A looks at word 0: B has it. B gives it back and takes the other one. A looks at word 1: B has it. But
// there was a free one all the time.

export class BufferPool {
  constructor(shared, count, size) {
    this.shared = shared;
    this.words = new Int32Array(shared, 0, count + 1);
    this.count = count;
    this.next = 0; // to spread the load
    this.size = size;
  }

  acquire() {
    for (let tried = 0; tried < this.count; tried++) {
      const index = this.next;
      this.next = (this.next + 1) % this.count;
      if (Atomics.compareExchange(this.words, index, 0, 1) === 0) {
        this.bytes(index).fill(0);
        return index;
      }
    }
    return null;
  }

  release(index) {
    if (!Number.isInteger(index) || index < 0 || index >= this.count) throw new RangeError('there is no such buffer');
    if (Atomics.compareExchange(this.words, index, 1, 0) !== 1) throw new RangeError('this buffer is not lent');
  }

  bytes(index) {
    return new Uint8Array(this.shared, this.words.byteLength + index * this.size, this.size);
  }

}
