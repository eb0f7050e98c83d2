// What is done with a learner's WorkerPool: tasks that wait at a gate, and a list of steps played on them.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { threadId } from 'node:worker_threads';
import * as exercise from 'exercise';
import { WAYS } from './jobs.mjs';

export const NAMES = ['WorkerPool'];
export const MAIN_THREAD = true;
export const PATIENCE = 6; // these scenarios start workers, and some wait for what may never come

const FILES = { plain: new URL('./jobs.mjs', import.meta.url), async: new URL('./later.mjs', import.meta.url) };
writeFileSync(FILES.async, "export { later as default } from './jobs.mjs';\n");

export const scenarios = {
  // a list of steps, each a list: what to do, and with what; on tasks of one kind: plain, or async
  playing: ({ size, kind, steps }) => ({ memory: {}, threads: [['play', size, kind, steps]] }),
  // one task after the other in a pool of one, and what came of each, up to one that is never settled
  calling: ({ jobs, kind, asPath = false }) => ({ memory: {}, threads: [['call', jobs, kind, asPath]] }),
  // a task whose signal is aborted already, in a pool that has nothing to do
  aborting: () => ({ memory: {}, threads: [['abortBefore']] }),
  // a worker exits when it has nothing to do; then there is one more task
  leaving: () => ({ memory: {}, threads: [['leave']] }),
};

let polls = 1000; // how often to look for what is to come, 4 ms apart; fewer when something has not come before

/** Wait until it is so; whether it is. */
async function until(condition) {
  for (let i = 0; i < polls; i++) {
    if (condition()) return true;
    await pause();
  }
  polls = Math.max(polls / 4, 50); // the verdict is known by now: what else hangs is not waited for as long
  return condition();
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 4));
const notWritten = (error) => String(error?.message).startsWith('not written yet');
const shown = (value) => (value instanceof Error ? `${value.name}: ${value.message}` : inspect(value, { breakLength: Infinity }).slice(0, 300));

/** Keep what comes of a promise up to date. */
function watch(promise, signal) {
  if (!(promise instanceof Promise)) return { gave: promise === null ? 'null' : typeof promise };
  const told = { pending: true };
  const settle = (outcome) => {
    delete told.pending;
    Object.assign(told, outcome);
  };
  promise.then(
    (value) => settle({ value: value ?? null, shown: shown(value) }),
    (error) => {
      if (notWritten(error)) told.notWritten = error;
      if (signal?.aborted && error === signal.reason) settle({ cancelled: true });
      else settle({ failed: error instanceof Error ? error.name : 'a value', text: String(error?.message ?? shown(error)) });
    },
  );
  return told;
}

/** How many workers run, whoever started them: the inspector knows. */
function workersAlive() {
  const session = new Session();
  let count = 0;
  session.connect();
  session.on('NodeWorker.attachedToWorker', () => count++);
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  session.post('NodeWorker.disable');
  session.disconnect();
  return count;
}

class Play {
  before = workersAlive();
  log = new Int32Array(new SharedArrayBuffer(4 * 4096));
  gates = new Int32Array(new SharedArrayBuffer(4 * 512));
  names = [];
  outcomes = {};
  signals = {};
  refused = [];
  counts = [];
  closeFailed = null;
  closeEnded = false;

  constructor(size, kind) {
    this.pool = new exercise.WorkerPool(FILES[kind], size);
  }

  submit(...names) {
    for (const name of names) {
      const abort = (this.signals[name] = new AbortController()), { log, gates } = this;
      const index = this.names.push(name) - 1;
      try {
        const promise = this.pool.run({ job: 'wait', name, log, gates, index }, { signal: abort.signal });
        this.outcomes[name] = watch(promise, abort.signal);
      } catch (error) {
        if (notWritten(error)) throw error;
        this.refused.push([name, String(error)]);
      }
    }
  }

  diary() {
    const words = ['', 'start', 'end', 'closed'];
    return Array.from({ length: Atomics.load(this.log, 0) }, (_, i) => {
      const [what, index, thread] = this.log.subarray(1 + 3 * i, 4 + 3 * i);
      return [words[what], what === 3 ? '' : this.names[index], thread];
    });
  }

  missing(what, ...names) {
    if (what === 'settled') return names.filter((name) => this.outcomes[name]?.pending);
    if (what !== 'started') return [];
    const begun = this.diary().map(([word, name]) => word === 'start' && name);
    return names.filter((name) => !begun.includes(name));
  }

  started(...names) {
    return until(() => !this.missing('started', ...names).length);
  }

  let(how, ...names) {
    for (const name of names) {
      const index = this.names.indexOf(name);
      Atomics.store(this.gates, index, WAYS[how]);
      Atomics.notify(this.gates, index);
    }
  }

  settled(...names) {
    return until(() => !this.missing('settled', ...names).length);
  }

  cancel(...names) {
    for (const name of names) this.signals[name].abort({ reason: `the end of ${name}` });
  }

  /** Wait a little, so that a task which begins too early is seen to. */
  async linger() {
    const length = this.log[0];
    for (let i = 0; i < 25 && this.log[0] === length; i++) await pause();
  }

  /** Count the pool's workers; one that is about to end gets a moment for it. */
  async count(atMost) {
    await until(() => this.workers() <= atMost);
    this.counts.push(this.workers());
  }

  /** Wait until the pool has so many workers again. */
  async replaced(size) {
    await this.linger();
    return until(() => this.workers() === size);
  }

  workers() {
    return workersAlive() - this.before;
  }

  close() {
    this.closing = (async () => {
      try {
        await this.pool.close();
      } catch (error) {
        if (notWritten(error)) this.outcomes.close = { notWritten: error };
        this.closeFailed = String(error);
      }
      this.log.set([3, 0, threadId], 1 + 3 * Atomics.add(this.log, 0, 1));
      this.closeEnded = true;
    })();
  }

  close_ended() {
    return until(() => this.closeEnded);
  }
}

export async function play(memory, thread, size, kind, steps) {
  const play = new Play(size, kind);
  let stuck = null;
  for (const [step, [what, ...how]] of steps.entries()) {
    if ((await play[what](...how)) === false) {
      stuck = { step, missing: play.missing(what, ...how) };
      break;
    }
  }
  for (const [index, name] of play.names.entries()) if (play.gates[index] === 0) play.let('return', name);
  if (!play.closing) play.close();
  await play.close_ended();
  for (const { notWritten } of Object.values(play.outcomes)) if (notWritten) throw notWritten;
  await until(() => play.workers() <= 0);
  return {
    log: play.diary(), outcomes: play.outcomes, cancels: {}, refused: play.refused, counts: play.counts,
    stuck, close_failed: play.closeFailed, left: Math.max(play.workers(), 0), caller: threadId,
  };
}

export async function call(memory, thread, jobs, kind, asPath) {
  const pool = new exercise.WorkerPool(asPath ? fileURLToPath(FILES[kind]) : FILES[kind], 1), ended = [];
  for (const data of jobs) {
    const told = watch(pool.run(data));
    ended.push(told);
    await until(() => !told.pending);
    if (told.notWritten) throw told.notWritten;
    if (told.pending) break;
  }
  pool.close()?.catch?.(() => {});
  return ended;
}

export async function abortBefore() {
  const pool = new exercise.WorkerPool(FILES.plain, 1);
  await pool.run({ job: 'nothing' });
  const signal = AbortSignal.abort({ reason: 'before' });
  const log = new Int32Array(new SharedArrayBuffer(64)), gates = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  let told;
  try {
    told = watch(pool.run({ job: 'wait', name: 'a', log, gates, index: 0 }, { signal }), signal);
  } catch (error) {
    told = { threw: String(error?.message ?? shown(error)) };
  }
  await until(() => !told.pending);
  await pool.run({ job: 'nothing' }); // behind it in the line
  pool.close()?.catch?.(() => {});
  return { ...told, ran: log[0] > 0 };
}

export async function leave() {
  const pool = new exercise.WorkerPool(FILES.plain, 1), exited = new Int32Array(new SharedArrayBuffer(4));
  const left = await pool.run({ job: 'leaveAfterwards', exited });
  await until(() => exited[0]);
  for (let i = 0; i < 25; i++) await pause(); // for the `exit` event
  for (let i = 0; i < 20; i++) {
    const told = watch(pool.run({ job: 'thread' })); // one that meets the worker as it exits fails with it
    if (!(await until(() => !told.pending))) return told;
    if ('value' in told && told.value !== left) {
      pool.close()?.catch?.(() => {});
      return told;
    }
  }
  return {};
}
