// belief: what is not CPU work is I/O
// fails: kinds_are_checked
// says: A job of the kind

// A slip of the pen, `CPU` for `cpu`, and the job runs where it does not belong; nobody hears of it.

import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export async function runWhereItBelongs(jobs, maxWorkers) {
  if (!(maxWorkers >= 1)) throw new RangeError('maxWorkers must be at least 1');
  const pool = new Pool(maxWorkers);
  const outcomes = await Promise.allSettled(jobs.map((job) => (job.kind === 'cpu' ? pool.run(job) : run(job))));
  await pool.close();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => outcome.value);
}

/** Workers that take one job after the other. */
class Pool {
  constructor(size) {
    this.idle = Array.from({ length: size }, () => new Worker(new URL(import.meta.url)));
    this.all = [...this.idle];
    this.waiting = [];
  }

  async run(job) {
    const worker = this.idle.pop() ?? (await new Promise((resolve) => this.waiting.push(resolve)));
    try {
      return await ask(worker, job);
    } finally {
      const next = this.waiting.shift();
      if (next) next(worker);
      else this.idle.push(worker);
    }
  }

  close() {
    return Promise.all(this.all.map((worker) => worker.terminate()));
  }
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

if (!isMainThread) {
  parentPort.on('message', async (job) => {
    try {
      parentPort.postMessage({ value: await run(job) });
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });
}
