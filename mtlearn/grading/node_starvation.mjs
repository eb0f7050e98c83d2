// How much of its time a file's threads waited for a processor, on a busy machine. See starvation.py.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const TASKS = '/proc/self/task';
const MOST = 0.8; // of a tick: a fifth counts, at the least
const RAN = 0.05; // of the last ticks: a thread that runs for more is busy,
const WANTED = 0.5; // and one that runs or waits for a processor for more
const BUSY_TICKS = 10; // how many of the last ticks tell a busy loop from a thread that waits
const LOOKS = 10; // so many ticks, before it is asked how many of them count

export class Starvation {
  #seen = [look()];

  /** Of what has passed since it was made or last asked, the share in which no thread had to wait: 1 - MOST to 1. */
  fed() {
    const before = this.#seen.at(-1);
    const now = look();
    this.#seen = [...this.#seen, now].slice(-BUSY_TICKS - 1);
    const ms = now.at - before.at;
    let most = 0;
    for (const [thread, { waited }] of now.threads) {
      most = Math.max(most, waited - (before.threads.get(thread)?.waited ?? 0));
    }
    return ms > 0 ? 1 - Math.min(most / ms, MOST) : 1;
  }

  /** Whether another thread ran for more than RAN of the last ticks, or ran or waited for WANTED. See starvation.py. */
  busy() {
    const [before, now] = [this.#seen[0], this.#seen.at(-1)];
    const ms = now.at - before.at;
    if (!now.threads.size) return now.used - before.used > RAN * ms;
    const own = readlinkSync('/proc/thread-self').split('/').at(-1);
    for (const [thread, { ran, waited }] of now.threads) {
      const first = before.threads.get(thread) ?? { ran: 0, waited: 0 };
      const time = ran - first.ran;
      if (thread !== own && (time > RAN * ms || time + waited - first.waited > WANTED * ms)) return true;
    }
    return false;
  }
}

/** How many ms to sleep before each look at what may take so many, on a machine that does nothing else. */
export function* ticks(ms, tickMs) {
  const starvation = new Starvation();
  for (let left = ms; left > 0; left -= LOOKS * tickMs * starvation.fed()) {
    for (let i = 0; i < LOOKS; i++) yield tickMs;
  }
}

/** When it is, the processor time used so far, and of each thread how long it ran and waited for a processor, in ms. */
function look() {
  const { user, system } = process.cpuUsage();
  const threads = new Map();
  try {
    for (const thread of readdirSync(TASKS)) {
      try {
        const [ran, waited] = readFileSync(`${TASKS}/${thread}/schedstat`, 'latin1').split(' ');
        threads.set(thread, { ran: ran / 1e6, waited: waited / 1e6 });
      } catch {
        // it has just ended
      }
    }
  } catch {
    // not Linux
  }
  return { at: performance.now(), used: (user + system) / 1000, threads };
}
