// What is done with a learner's runJob: jobs to run in a worker, and what a call leaves behind.
import { createHook } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { threadId } from 'node:worker_threads';
import { pause, refusal, shown } from 'stateful';
import * as exercise from 'exercise';

export const NAMES = ['runJob'];

const JOBS = new URL('./jobs.mjs', import.meta.url);
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

export const scenarios = {
  // one call, what came of it, and what it left behind; `bytes` become a buffer of so many ones, which may be moved
  calling: ({ job, data, timeout_s, as_path = false, moved = false }) => ({
    memory: {},
    threads: [['call', { job, ...data }, timeout_s * 1000, as_path, moved]],
  }),
  // a job that goes on only when the caller has seen it run
  meeting: () => ({ memory: {}, threads: [['meet']] }),
};

export async function call(memory, thread, data, timeoutMs, asPath, moved) {
  const { buffer } = new Uint8Array(data.bytes ?? 0).fill(1);
  if (data.bytes) Object.assign(data, { buffer });
  const before = { handles: kept(), listeners: listeners() };
  workers.clear();
  timers.watch();
  const outcome = await run(data, timeoutMs, moved ? [buffer] : [], asPath ? fileURLToPath(JOBS) : JOBS);
  const ending = running(); // at once: whoever has waited for its end has none
  timers.done();
  return { ...outcome, here: buffer.byteLength, left: { ...(await left(before)), ending }, more: {} };
}

/** What a call gave, or the value it rejected with. */
async function run(data, timeoutMs, transfer, file = JOBS) {
  try {
    const value = await exercise.runJob(file, data, { timeoutMs, transfer });
    return { gave: shown(value), value: typeof value === 'number' ? value : null };
  } catch (error) {
    return { ...refusal(error), timeout: error instanceof Error && error.code === 'ETIMEDOUT' };
  }
}

/** What the call gave, and the caller's own thread. */
export async function meet() {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  let over = false;
  const ended = run({ job: 'meet', flags }, 60_000, []).finally(() => { over = true; });
  while (!over && Atomics.load(flags, 0) === 0) await pause();
  Atomics.store(flags, 1, 1);
  Atomics.notify(flags, 1);
  return [await ended, threadId];
}

/** The timers that were set while it watched, and are still there: also those that keep nothing alive. */
const timers = {
  watching: false,
  left: new Set(),

  watch() {
    this.left.clear();
    this.watching = true;
    this.hook ??= createHook({
      init: (id, type) => void (this.watching && type === 'Timeout' && this.left.add(id)),
      destroy: (id) => void this.left.delete(id),
    });
    this.hook.enable();
  },

  done() {
    this.watching = false;
  },
};

const workers = new Set(); // that were started, also those that have not come to run yet
process.on('worker', (worker) => workers.add(worker));
const running = () => [...workers].map((worker) => worker.threadId).filter((id) => id !== -1); // -1: its exit was told

/** What keeps this process alive now: timers, ports and the like, by kind. */
const kept = () => process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');

/** What listens to the process, by event. */
const listeners = () => process.eventNames().flatMap((event) => Array(process.listenerCount(event)).fill(String(event)));

/** What is in a list more often than before. */
function more(now, before) {
  const rest = [...now];
  for (const each of before) if (rest.includes(each)) rest.splice(rest.indexOf(each), 1);
  return rest;
}

let looks = 20;

/** What is there since the call: what is ending gets half a second for it, and a timer may go with what is garbage. */
async function left(before) {
  let alive, handles;
  for (let look = 0; look <= looks; look++) {
    await pause(look && 25);
    alive = running();
    handles = more(kept(), before.handles);
    if (!alive.length && !handles.length && !timers.left.size) break;
    if (timers.left.size && look % 5 === 0) collectGarbage();
    if (look === looks) looks = 4; // something stays: the verdict is known
  }
  timers.hook.disable();
  return {
    workers: alive,
    handles,
    timers: [...timers.left],
    listeners: more(listeners(), before.listeners),
  };
}
