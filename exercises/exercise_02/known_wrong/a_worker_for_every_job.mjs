// belief: a worker for every job is fine
// beliefs: 4
// fails: workers_are_reused
// says: different workers

// Never more than maxWorkers at once, but each is started for one job, and thrown away.

import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export async function runWhereItBelongs(jobs, maxWorkers) {
  check(jobs, maxWorkers);
  const waiting = [];
  let running = 0;

  async function compute(job) {
    if (running === maxWorkers) await new Promise((resolve) => waiting.push(resolve));
    else running++;
    const worker = new Worker(new URL(import.meta.url));
    try {
      return await ask(worker, job);
    } finally {
      await worker.terminate();
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  }

  const outcomes = await Promise.allSettled(jobs.map((job) => (job.kind === 'io' ? run(job) : compute(job))));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => outcome.value);
}

async function ask(worker, { module, name, args }) {
  worker.postMessage({ module, name, args });
  const [{ error, value }] = await once(worker, 'message');
  if (error) throw error;
  return value;
}

async function run({ module, name, args }) {
  return (await import(module))[name](...args);
}

function check(jobs, maxWorkers) {
  if (!(maxWorkers >= 1)) throw new RangeError('maxWorkers must be at least 1');
  for (const { kind } of jobs) if (kind !== 'cpu' && kind !== 'io') throw new TypeError(`there is no kind of job ${kind}`);
}

if (!isMainThread) {
  parentPort.on('message', async (job) => {
    try {
      parentPort.postMessage({ value: await run(job) });
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });
}
