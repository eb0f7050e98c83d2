// Waiting for threads with an eye on them: a loop that never reaches a yield point and a call that never returns are told
// apart by what the process and its threads do, not by the clock alone. A loaded machine is neither.
import fs from 'node:fs';
import { FEWEST_LOOKS, MOST_LOOKS } from './scheduler.mjs';

const POLL_MS = 25;
const IDLE_MS = 20; // CPU time that a process may use which does nothing,
const IDLE_SHARE = 0.06; // with this much of the wall-clock time: the watching itself costs
const ASLEEP_MS = 800; // wall-clock time after which a process whose threads all sleep is blocked

let patience = FEWEST_LOOKS;

/** Look for a while before sleeping, as a thread does for its latch. */
function lookFor(words, word, value) {
  let looks = patience;
  while (Atomics.load(words, word) === value && looks > 0) looks--;
  patience = looks > 0 ? Math.min(patience * 2, MOST_LOOKS) : Math.max(patience >> 1, FEWEST_LOOKS);
  return looks > 0;
}

/** Wait for a moment; a thread of an earlier run may be late with its notify, so only the word itself counts. */
function ended(words, word, value) {
  return Atomics.wait(words, word, value, POLL_MS) !== 'timed-out' && Atomics.load(words, word) !== value;
}

/**
 * Wait until the word is not `value` any more. Gives null then; "busy" when `busyMs` of CPU time were used without
 * progress; "blocked" when the threads with the system's numbers `tasks` sleep, or, where the system does not tell,
 * nothing happens for `blockedMs`.
 */
export function awaitEnd(words, word, value, progress, { busyMs, blockedMs, tasks }) {
  if (lookFor(words, word, value) || ended(words, word, value)) return null;
  let last = progress();
  let start = cpuMs(); // CPU time at the last progress
  let idle = { cpu: start, since: performance.now() }; // since when next to no CPU time was used
  for (;;) {
    if (ended(words, word, value)) return null;
    const cpu = cpuMs();
    const now = performance.now();
    const atWork = anyAtWork(process.pid, tasks);
    if (progress() !== last) {
      last = progress();
      start = cpu;
      idle = { cpu, since: now };
    } else if (cpu - start >= busyMs) return 'busy';
    else if (atWork || cpu - idle.cpu > IDLE_MS + IDLE_SHARE * (now - idle.since)) idle = { cpu, since: now };
    else if (now - idle.since >= (atWork === false ? ASLEEP_MS : blockedMs)) return 'blocked';
  }
}

/**
 * Does one of these threads, or of the processes they have started, run or stand in line for a processor or a disk?
 * null where the system does not tell. Other threads, such as those that compile, do not count: the watching itself
 * wakes them, and what they do for long shows as CPU time.
 */
function anyAtWork(pid, tasks) {
  try {
    for (const id of tasks ?? fs.readdirSync(`/proc/${pid}/task`)) {
      const about = (what) => fs.readFileSync(`/proc/${pid}/task/${id}/${what}`, 'latin1');
      const stat = about('stat');
      const state = stat[stat.lastIndexOf(')') + 2]; // behind the name, which may hold anything
      if (state === 'R' || state === 'D') return true;
      for (const child of about('children').trim().split(' ')) if (child && anyAtWork(child) !== false) return true;
    }
    return false;
  } catch {
    return null; // another system, or a thread that has just ended
  }
}

export function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
