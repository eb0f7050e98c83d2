// I/O on the loop, CPU work in a few Workers that take one job after the other.
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const ROLE = 'runWhereItBelongs: worker';

/** Run "io" jobs on this loop and "cpu" jobs in Workers, at most maxWorkers; the results in order. */
export async function runWhereItBelongs(jobs, maxWorkers) {
  // All that can be refused is refused before anything is started.
  if (!(maxWorkers >= 1)) throw new RangeError('maxWorkers must be at least 1');
  for (const { kind } of jobs) {
    if (kind !== 'cpu' && kind !== 'io') throw new TypeError(`there is no kind of job ${String(kind)}`);
  }

  const outcomes = Array(jobs.length); // what each job gave, as allSettled tells it
  const note = async (index, promise) => { [outcomes[index]] = await Promise.allSettled([promise]); };
  const waiting = [...jobs.keys()].filter((index) => jobs[index].kind === 'cpu');

  /** One Worker, and jobs for it until none is left. */
  async function work() {
    const worker = new Worker(new URL(import.meta.url), { workerData: ROLE });
    try {
      while (waiting.length) {
        const index = waiting.shift();
        await note(index, ask(worker, jobs[index]));
      }
    } finally {
      await worker.terminate();
    }
  }

  const workers = Array.from({ length: Math.min(maxWorkers, waiting.length) }, work);
  const io = jobs.map((job, index) => job.kind === 'io' && note(index, run(job)));
  await Promise.all([...workers, ...io]);

  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => outcome.value);
}

async function run({ module, name, args }) {
  const functions = await import(module);
  return functions[name](...args);
}

/** What a Worker makes of one job. */
function ask(worker, { module, name, args }) {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', ({ error, value }) => {
      worker.off('error', reject);
      if (error) reject(error.value);
      else resolve(value);
    });
    worker.postMessage({ module, name, args });
  });
}

// In a Worker that was started above (and in no other), this module serves.
if (!isMainThread && workerData === ROLE) {
  parentPort.on('message', async (job) => {
    try {
      parentPort.postMessage({ value: await run(job) });
    } catch (value) {
      parentPort.postMessage({ error: { value } });
    }
  });
}
