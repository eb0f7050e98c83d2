// Data races, found in the log of a schedule: two threads touch the same bytes, at least one writes, at least
// one access is plain, and nothing orders the two. Ordered are (ECMAScript memory model): the steps of one
// thread, an atomic write and the atomic reads that see it, and what meets in the list of waiters of a location.
import * as c from './control.mjs';

const EVERY_FIRST = 200; // every schedule up to this number is looked at, then one in EVERY
const EVERY = 16;
const LONG = 20_000; // rows of a schedule that takes its time; of these,
const LONG_ONES = 2; // only so many are looked at

export class Races {
  constructor(threads) {
    this.threads = threads;
    this.told = new Set();
  }

  wants(number, rows) {
    if (rows > LONG) return number < LONG_ONES;
    return number < EVERY_FIRST || number % EVERY === 0;
  }

  /** Give the races that were not told before: [row, row, buffer, offset], rows being numbers in the log. */
  find(rows, count) {
    const clocks = Array.from({ length: this.threads }, (_, t) => {
      const clock = new Int32Array(this.threads);
      clock[t] = 1;
      return clock;
    });
    const released = new Map(); // location → clock of the last atomic write
    const waiters = new Map(); // location → clock of the list of waiters
    const bytes = new Map(); // byte → [last write, last read of each thread]
    const races = [];
    for (let n = 0; n < count; n++) {
      const at = n * c.ROW;
      const { thread, operation, kind, length } = c.unpack(rows[at]);
      const buffer = rows[at + 1];
      const offset = rows[at + 2];
      const clock = clocks[thread];
      const location = buffer * 2 ** 32 + offset;
      if (kind & c.ATOMIC) {
        join(clock, released.get(location));
        if (operation >= c.OPERATION.wait) {
          join(clock, waiters.get(location));
          waiters.set(location, clock.slice());
        }
      }
      if (operation < c.OPERATION.wake) {
        for (let i = 0; i < length; i++) {
          const other = this.clash(bytes, location + i, n, thread, clock, kind);
          if (other !== null && this.isNew(rows, other, n)) races.push([other, n, buffer, offset]);
        }
      }
      if (kind & c.ATOMIC) {
        if (kind & c.WRITES && operation < c.OPERATION.wait) released.set(location, clock.slice());
        clock[thread]++;
      }
    }
    return races;
  }

  /** Note an access to one byte; give the row of an earlier one that races with it, or null. */
  clash(bytes, byte, row, thread, clock, kind) {
    let known = bytes.get(byte);
    if (!known) bytes.set(byte, (known = { writes: [], reads: [] }));
    const access = { row, thread, time: clock[thread], atomic: Boolean(kind & c.ATOMIC) };
    const races = (other) =>
      other && other.thread !== thread && other.time > clock[other.thread] && !(other.atomic && access.atomic);
    const writes = kind & c.WRITES;
    const found = known.writes.find(races) ?? (writes ? known.reads.find(races) : undefined);
    (writes ? known.writes : known.reads)[thread] = access;
    return found ? found.row : null;
  }

  isNew(rows, one, other) {
    const word = (row) => rows[row * c.ROW] & 0xff0;
    const at = other * c.ROW;
    const key = `${rows[at + 1]}:${rows[at + 2]}:${word(one)}:${word(other)}`;
    if (this.told.has(key)) return false;
    this.told.add(key);
    return true;
  }
}

function join(clock, other) {
  if (other) for (let t = 0; t < clock.length; t++) if (other[t] > clock[t]) clock[t] = other[t];
}
