// What is done with a learner's runJob: jobs to run in a worker, and what a call leaves behind.
import { Session } from 'node:inspector';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { threadId } from 'node:worker_threads';
import * as exercise from 'exercise';

export const NAMES = ['runJob'];
export const MAIN_THREAD = true;

const JOBS = new URL('./jobs.mjs', import.meta.url);

export const scenarios = {
  // one call, what came of it, and, after a look, what it left behind
  calling: ({ data, timeoutMs, asPath = false, look = false }) => ({
    memory: {},
    threads: [['call', data, timeoutMs, asPath, look]],
  }),
  // a job on a buffer of so many ones, which is moved or copied
  summing: ({ bytes, moved }) => ({ memory: {}, threads: [['sum', bytes, moved]] }),
  // a job that goes on only when the caller has seen it run
  meeting: () => ({ memory: {}, threads: [['meet']] }),
};

export async function call(memory, thread, data, timeoutMs, asPath, look) {
  const before = { workers: workersAlive(), handles: kept() };
  const outcome = await attempt(() => exercise.runJob(asPath ? fileURLToPath(JOBS) : JOBS, data, { timeoutMs, transfer: [] }));
  return { ...outcome, ...(look && (await left(before))) };
}

export async function sum(memory, thread, bytes, moved) {
  const { buffer } = new Uint8Array(bytes).fill(1);
  const transfer = moved ? [buffer] : [];
  const outcome = await attempt(() => exercise.runJob(JOBS, { job: 'sum', buffer }, { timeoutMs: 60_000, transfer }));
  return { ...outcome, here: buffer.byteLength };
}

export async function meet() {
  const flags = new Int32Array(new SharedArrayBuffer(8));
  let over = false;
  const ended = attempt(() => exercise.runJob(JOBS, { job: 'meet', flags }, { timeoutMs: 60_000, transfer: [] }));
  ended.finally(() => { over = true; }).catch(() => {});
  while (!over && Atomics.load(flags, 0) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  Atomics.store(flags, 1, 1);
  Atomics.notify(flags, 1);
  return { ...(await ended), here: threadId };
}

/** What a call gave, or the value it rejected with. */
async function attempt(work) {
  try {
    const value = await work();
    return { returned: shown(value), value: typeof value === 'number' ? value : null };
  } catch (error) {
    if (error?.message?.startsWith('not written yet')) throw error;
    const isError = error instanceof Error;
    return { rejected: isError ? `${error.name}: ${error.message}` : shown(error), isError, code: error?.code ?? null };
  }
}

const shown = (value) => inspect(value, { breakLength: Infinity }).slice(0, 300);

/** What keeps this process alive now: timers, ports and the like, by kind. */
const kept = () => process.getActiveResourcesInfo().filter((kind) => kind !== 'Immediate');

/** The workers and handles that are there since the call: what is ending gets half a second for it. */
async function left(before) {
  let workers, handles;
  for (let i = 0; i < 20; i++) {
    await new Promise((resolve) => setTimeout(resolve, i && 25));
    workers = workersAlive() - before.workers;
    handles = kept();
    for (const kind of before.handles) if (handles.includes(kind)) handles.splice(handles.indexOf(kind), 1);
    if (workers <= 0 && !handles.length) break;
  }
  return { workers, handles };
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
