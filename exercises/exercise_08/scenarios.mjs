// What is done with a learner's WorkerPool: tasks that wait at a gate, and a list of steps played on them.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import * as exercise from 'exercise';
import { Patience, pause, Play, refusal, Stuck, watch, written } from 'stateful';
import { WAYS } from './jobs.mjs';

export const NAMES = ['WorkerPool'];

const FILES = { plain: new URL('./jobs.mjs', import.meta.url), async: new URL('./later.mjs', import.meta.url) };
writeFileSync(FILES.async, "export { later as default } from './jobs.mjs';\n");

export const scenarios = {
  // a script, on tasks of one kind: plain, or async
  playing: ({ size, kind, steps }) => ({ memory: {}, threads: [['play', size, kind, steps]] }),
  // one task after the other in a pool of one, and what came of each, up to one that is never settled
  calling: ({ jobs, kind, asPath = false }) => ({ memory: {}, threads: [['call', jobs, kind, asPath]] }),
  // a task whose signal is aborted already, in a pool that has nothing to do
  aborting: () => ({ memory: {}, threads: [['abortBefore']] }),
  // a worker exits when it has nothing to do; then there is one more task
  leaving: () => ({ memory: {}, threads: [['leave']] }),
};

const patience = new Patience(4000, 1000); // at the least what a Worker needs to start on a busy machine

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

const workers = new Set(); // that this play's pool has started
process.on('worker', (worker) => workers.add(worker));

/** The steps that can be played on a pool: see the model. */
class PoolPlay extends Play {
  patience = patience;
  before = workersAlive();
  diary = new Int32Array(new SharedArrayBuffer(4 * 4096));
  gates = new Int32Array(new SharedArrayBuffer(4 * 512));
  names = [];
  signals = {};
  counts = [];
  closeFailed = null;
  closeEnded = false;
  ending = 0; // workers that were still there when close() ended

  constructor(size, kind) {
    super();
    workers.clear();
    this.pool = new exercise.WorkerPool(FILES[kind], size);
  }

  async told() {
    const twice = this.twice();
    this.let('return', ...this.names.filter((name, index) => this.gates[index] === 0 || twice.includes(name)));
    if (!this.closing) this.close();
    await patience.until(() => this.closeEnded);
    await patience.until(() => this.workers() <= 0);
    this.log = this.entries();
    const { counts, closeFailed, ending } = this;
    return { counts, close_failed: closeFailed, left: Math.max(this.workers(), 0), ending, caller: threadId };
  }

  submit(...names) {
    for (const name of names) this.run(name);
  }

  /** Tasks whose data cannot be sent. */
  misfit(...names) {
    for (const name of names) this.run(name, { cannotBeSent() {} });
  }

  run(name, more) {
    const { diary, gates } = this, abort = (this.signals[name] = new AbortController());
    const index = this.names.push(name) - 1;
    const data = { job: 'wait', name, log: diary, gates, index, ...more };
    this.make(name, () => this.pool.run(data, { signal: abort.signal }), () => abort.signal.aborted && abort.signal.reason);
  }

  entries() {
    const words = ['', 'start', 'end', 'closed'];
    return Array.from({ length: Atomics.load(this.diary, 0) }, (_, i) => {
      const [what, index, thread] = this.diary.subarray(1 + 3 * i, 4 + 3 * i);
      return [words[what], what === 3 ? '' : this.names[index], thread];
    });
  }

  started(...names) {
    return this.need(() => {
      const begun = this.entries().map(([word, name]) => word === 'start' && name);
      return names.filter((name) => !begun.includes(name));
    });
  }

  let(how, ...names) {
    for (const name of names) {
      const index = this.names.indexOf(name);
      Atomics.store(this.gates, index, WAYS[how]);
      Atomics.notify(this.gates, index);
    }
  }

  settled(...names) {
    return this.need(() => {
      if (this.twice().length) throw new Stuck(names); // it may be tried for ever
      return names.filter((name) => !this.ended(name));
    });
  }

  /** Tasks that began more than once. */
  twice() {
    const begun = this.entries().filter(([word]) => word === 'start').map(([, name]) => name);
    return begun.filter((name, index) => begun.indexOf(name) < index);
  }

  cancel(...names) {
    for (const name of names) this.signals[name].abort({ reason: `the end of ${name}` });
  }

  /** Submit a task, and so many turns of the microtasks later close the pool, or cancel the task. */
  async beside(ticks, name, what) {
    this.submit(name);
    for (let tick = 0; tick < ticks; tick++) await null;
    if (what === 'close') this.close();
    else this.cancel(name);
  }

  /** Wait a little, so that a task which begins too early is seen to. */
  linger() {
    const length = this.diary[0];
    return new Patience(100).until(() => this.diary[0] > length);
  }

  /** Count the pool's workers; one that is about to end gets a moment for it. */
  async count(atMost) {
    await patience.until(() => this.workers() <= atMost);
    this.counts.push(this.workers());
  }

  /** Wait until the pool has so many workers again. */
  async replaced(size) {
    await this.linger();
    await this.need(() => (this.workers() === size ? [] : ['workers']));
  }

  workers() {
    return workersAlive() - this.before;
  }

  close() {
    this.closing = (async () => {
      try {
        await this.pool.close();
        this.ending = [...workers].filter((worker) => worker.threadId !== -1).length; // -1: its exit was told
      } catch (error) {
        this.closeFailed = refusal(error);
      }
    })().finally(() => {
      this.diary.set([3, 0, threadId], 1 + 3 * Atomics.add(this.diary, 0, 1));
      this.closeEnded = true;
    });
    this.closing.catch((error) => { this.unwritten = error; });
  }

  close_ended() {
    return this.need(() => (this.closeEnded ? [] : ['close']));
  }
}

export const play = (memory, thread, size, kind, steps) => new PoolPlay(size, kind).play(steps);

export async function call(memory, thread, jobs, kind, asPath) {
  const pool = new exercise.WorkerPool(asPath ? fileURLToPath(FILES[kind]) : FILES[kind], 1), ended = [];
  for (const [job, value] of jobs) {
    const told = watch(pool.run(job === 'itself' ? value : { job, value }));
    ended.push(told);
    await patience.until(() => !told.pending);
    written();
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
    told = watch(pool.run({ job: 'wait', name: 'a', log, gates, index: 0 }, { signal }), () => signal.reason);
  } catch (error) {
    told = refusal(error);
  }
  await patience.until(() => !told.pending);
  await pool.run({ job: 'nothing' }); // behind it in the line
  pool.close()?.catch?.(() => {});
  return { ...told, ran: log[0] > 0 };
}

export async function leave() {
  const pool = new exercise.WorkerPool(FILES.plain, 1), exited = new Int32Array(new SharedArrayBuffer(4));
  const left = await pool.run({ job: 'leaveAfterwards', exited });
  await patience.until(() => exited[0]);
  for (let i = 0; i < 25; i++) await pause(4); // for the `exit` event
  for (let i = 0; i < 20; i++) {
    const told = watch(pool.run({ job: 'thread' })); // one that meets the worker as it exits fails with it
    if (!(await patience.until(() => !told.pending))) return told;
    if ('value' in told && told.value !== left) {
      pool.close()?.catch?.(() => {});
      return told;
    }
  }
  return { failed: 'twenty times', type: '' };
}
