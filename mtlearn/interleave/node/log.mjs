// The log of what threads did to shared memory, and what it shows: loops that get nowhere, values that have changed.
import * as c from './control.mjs';
import { MAX_PERIOD } from './loop.mjs';
import { base, C, me, rows } from './block.mjs';
import { loop, random } from './scheduler.mjs';

let seen = 0; // CHANGES as this thread saw it last

/** Forget the last schedule. */
export function beginLog() {
  seen = -1;
  loop.forget();
}

const float = new Float64Array(1);
const floatBits = new Int32Array(float.buffer);

/** Turn a value into a whole number of 32 bits, equal for equal values. */
function digest(value) {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
  if ((value | 0) === value) return value;
  float[0] = value;
  return floatBits[0] ^ floatBits[1];
}

/** Log one access to `length` bytes, and see whether this thread goes round in a loop. Gives its row in the log. */
export function record(operation, kind, buffer, offset, length, value, changed) {
  if (!C[c.ACTIVE]) return -1;
  const hash = digest(value);
  const number = C[c.ROWS]++;
  const row = number * c.ROW;
  rows[row] = c.pack(me, operation, kind, length);
  rows[row + 1] = buffer;
  rows[row + 2] = offset;
  rows[row + 3] = hash;
  if (C[c.CHANGES] !== seen) loop.forget();
  if (changed) {
    C[c.CHANGES]++;
    unpark(buffer, offset, length);
  }
  seen = C[c.CHANGES];
  if (C[base + c.LEFT] > 0) C[base + c.LEFT]--;
  const loops = loop.add(operation, buffer, offset, hash, changed);
  // A loop that also writes (take a lock, fail to get the next, give the first back) must not be interrupted at
  // the same point for ever: two such loops would keep each other out, which no real machine does.
  if (loops && !loop.spinning && loop.changes) C[base + c.LEFT] += random(c.JITTER, 2 * MAX_PERIOD);
  if (!loops && C[base + c.TURNS]) {
    // It was released from spinning and has left its loop: that is progress.
    C[base + c.TURNS] = C[base + c.LEFT] = 0;
    C[c.SPINS] = 0;
  }
  if (loop.spinning && !loops) C[base + c.STAYED_AT] = 0;
  loop.spinning = loops;
  return number;
}

/** A value has changed: threads that spin on it may look again. */
function unpark(buffer, offset, length) {
  for (let t = 0; t < C[c.THREADS]; t++) {
    const b = c.at(t);
    if (!C[b + c.PARKED]) continue;
    for (let i = 0; i < C[b + c.LOCATIONS]; i++) {
      const where = C[b + c.FIRST_LOCATION + 2 * i + 1];
      if (C[b + c.FIRST_LOCATION + 2 * i] === buffer && where < offset + length && offset < where + 8) {
        C[b + c.PARKED] = 0;
        C[b + c.LEFT] = 0;
        break;
      }
    }
  }
}
