// How much of its time a file's threads waited for a processor, on a busy machine. See starvation.py.
import { readdirSync, readFileSync } from 'node:fs';

const TASKS = '/proc/self/task';
const MOST = 0.8; // of a tick: a fifth counts, at the least

export class Starvation {
  #seen = waits();
  #since = performance.now();

  /** Of what has passed since it was made or last asked, the share in which no thread had to wait: 1 - MOST to 1. */
  fed() {
    const before = this.#seen;
    const ms = performance.now() - this.#since;
    this.#seen = waits();
    this.#since += ms;
    let waited = 0;
    for (const [thread, now] of this.#seen) waited = Math.max(waited, now - (before.get(thread) ?? 0));
    return ms > 0 ? 1 - Math.min(waited / 1e6 / ms, MOST) : 1;
  }
}

/** Each thread, and the nanoseconds that it has waited for a processor so far; none where the system does not tell. */
function waits() {
  const found = new Map();
  try {
    for (const thread of readdirSync(TASKS)) {
      try {
        found.set(thread, Number(readFileSync(`${TASKS}/${thread}/schedstat`, 'latin1').split(' ')[1]));
      } catch {
        // it has just ended
      }
    }
  } catch {
    // not Linux
  }
  return found;
}
