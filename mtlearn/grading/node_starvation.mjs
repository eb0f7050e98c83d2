// How much of its time a file's threads waited for a processor, on a busy machine. See starvation.py.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const TASKS = '/proc/self/task';
const MOST = 0.8; // of a tick: a fifth counts, at the least
const STATES = 9; // looks at the states of the threads
const STATE_MS = 5;
const LOOKS = 10; // so many ticks, before it is asked how many of them count

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

/** How many ms to sleep before each look at what may take so many, on a machine that does nothing else. */
export function* ticks(ms, tickMs) {
  const starvation = new Starvation();
  for (let left = ms; left > 0; left -= LOOKS * tickMs * starvation.fed()) {
    for (let i = 0; i < LOOKS; i++) yield tickMs;
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

/**
 * Whether another thread of this process runs, or could if it had a processor, most of the times that one looks. A loop
 * that a busy machine gives no processor uses none, and is busy all the same. False where the system does not tell.
 */
export async function spins() {
  let seen = 0;
  for (let look = 0; look < STATES; look++) {
    seen += states().includes('R');
    await sleep(STATE_MS);
  }
  return seen > STATES / 2;
}

/** The states of all threads but this one: R runs or could, S sleeps. See proc(5). */
function states() {
  try {
    const own = readlinkSync('/proc/thread-self').split('/').at(-1);
    return readdirSync(TASKS).filter((thread) => thread !== own).map(state);
  } catch {
    return []; // not Linux
  }
}

function state(thread) {
  try {
    const told = readFileSync(`${TASKS}/${thread}/stat`, 'latin1');
    return told[told.lastIndexOf(')') + 2];
  } catch {
    return ''; // it has just ended
  }
}
