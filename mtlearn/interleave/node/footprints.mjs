// What the moves of a schedule touched, read from its log: as orders.py needs it to tell which of two moves may change
// places. A thread that sleeps stands in the queue of its location; who notifies takes the first out of it.
import * as c from './control.mjs';

const MOST_MOVES = 2_000; // of a schedule that is told: longer ones are seldom one of few
const MOST_WORDS = 16; // of one access: more are all of the buffer
const WORD = 4; // bytes

export class Footprints {
  constructor() {
    this.known = new Map(); // touched, as JSON → its number
  }

  /** Touched things that were not told before `from`. */
  since(from) {
    return [...this.known.keys()].slice(from).map((text) => JSON.parse(text));
  }

  /** Give a number for each move: thread, whether it was decided, whether it preempts, what it touched. Null for none. */
  of(moves, count, rows, end) {
    if (count > MOST_MOVES) return null;
    const queues = new Map();
    const told = [];
    for (let n = 0; n < count; n++) {
      const { thread, flags, row } = c.unpackMove(moves[n]);
      const next = n + 1 < count ? c.unpackMove(moves[n + 1]).row : end;
      const touched = new Map();
      for (let number = row; number < next; number++) touch(rows.subarray(number * c.ROW, (number + 1) * c.ROW), queues, touched);
      told.push(thread | (flags << 4) | (this.number(touched) << 6));
    }
    return told;
  }

  number(touched) {
    const key = JSON.stringify([...touched.values()].sort());
    let number = this.known.get(key);
    if (number === undefined) this.known.set(key, (number = this.known.size));
    return number;
  }
}

/** Add what one row of the log touched. */
function touch([word, buffer, offset, value], queues, touched) {
  const { thread, operation, kind, length } = c.unpack(word);
  const add = (how, ...location) => {
    const key = location.join();
    if (touched.get(key)?.[0] !== 'writes') touched.set(key, [how, ...location]); // who writes may read, too
  };
  if (operation === c.OPERATION.call) return add('writes');
  if (operation === c.OPERATION.wake) return add('awaits', 'woken', thread);
  const queue = `${buffer}:${offset}`;
  if (operation === c.OPERATION.notify) {
    add('writes', 'queue', buffer, offset);
    for (const woken of (queues.get(queue) ?? []).splice(0, value)) add('frees', 'woken', woken);
    return undefined;
  }
  if (kind & c.SLEEPS) {
    add('writes', 'queue', buffer, offset);
    queues.set(queue, [...(queues.get(queue) ?? []), thread]);
  }
  const how = kind & c.WRITES ? 'writes' : 'reads';
  const first = Math.floor(offset / WORD);
  const last = Math.floor((offset + length - 1) / WORD);
  if (last - first >= MOST_WORDS) return add(how, 'words', buffer);
  for (let at = first; at <= last; at++) add(how, 'words', buffer, at);
  return undefined;
}
