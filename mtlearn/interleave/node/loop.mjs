// Sees from a thread's last steps whether it goes round in a loop that gets nowhere. Each worker has one for its own
// thread; a change that another thread makes is a new beginning.
import { MAX_LOCATIONS } from './control.mjs';

const REPEATS = 2; // a loop is seen when its steps repeat this often after the first time
export const MAX_PERIOD = MAX_LOCATIONS; // steps of one round, at most
const RING = 2 * MAX_PERIOD;

export class Loop {
  spinning = false;
  recorded = 0; // steps since the beginning
  changedAt = -MAX_PERIOD; // the number of the last one that changed something
  repeated = new Int32Array(MAX_PERIOD + 1); // per period: how many last steps equal the one a period before
  steps = new Float64Array(RING); // the last steps, as numbers
  locations = new Int32Array(2 * RING); // and what they looked at: (buffer, offset)

  forget() {
    this.spinning = false;
    this.recorded = 0;
    this.changedAt = -MAX_PERIOD;
    this.repeated.fill(0);
  }

  /** Add a step; `hash` stands for the value it saw. Gives whether the thread goes round by now. */
  add(operation, buffer, offset, hash, changed) {
    const { steps, locations, repeated, recorded } = this;
    if (changed) this.changedAt = recorded;
    const step = (hash >>> 0) * 4096 + ((operation * 251 + buffer * 31 + offset) & 4095);
    let loops = false;
    for (let p = 1; p <= MAX_PERIOD && p <= recorded; p++) {
      if (steps[(recorded - p) % RING] === step) {
        if (++repeated[p] >= REPEATS * p) loops = true;
      } else repeated[p] = 0;
    }
    const slot = this.recorded++ % RING;
    steps[slot] = step;
    locations[2 * slot] = buffer;
    locations[2 * slot + 1] = offset;
    return loops;
  }

  /** Does a round of it change something that is shared? */
  get changes() {
    return this.recorded - this.changedAt <= MAX_PERIOD;
  }

  /** Write what its last steps looked at into `words` from `at` on: (buffer, offset) each. Gives how many. */
  lookedAt(words, at) {
    const count = Math.min(this.recorded, MAX_PERIOD);
    for (let i = 0; i < count; i++) {
      const from = ((this.recorded - 1 - i) % RING) * 2;
      words[at + 2 * i] = this.locations[from];
      words[at + 2 * i + 1] = this.locations[from + 1];
    }
    return count;
  }
}
