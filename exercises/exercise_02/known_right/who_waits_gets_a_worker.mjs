// A pool of Workers: who finds none idle waits for one, and is given the next that is done.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

export async function runWhereItBelongs(jobs, maxWorkers) {
  check(jobs, maxWorkers);
  const pool = new Pool(maxWorkers);
  const outcomes = await Promise.allSettled(jobs.map((job) => (job.kind === 'io' ? run(job) : pool.run(job))));
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
  const [answer] = await once(worker, 'message');
  if ('error' in answer) throw answer.error;
  return answer.value;
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
