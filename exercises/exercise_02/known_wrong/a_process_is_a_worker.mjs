// belief: a process will do as well as a Worker
// fails: cpu_off_the_loop
// says: in another process

// Processes run in parallel too, but share no memory, and each brings a whole Node.js with it.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export async function runWhereItBelongs(jobs, maxWorkers) {
  check(jobs, maxWorkers);
  const children = Array.from({ length: maxWorkers }, () => fork(fileURLToPath(import.meta.url), ['serve']));
  const idle = [...children], waiting = [];

  async function compute({ module, name, args }) {
    const child = idle.pop() ?? (await new Promise((resolve) => waiting.push(resolve)));
    child.send({ module, name, args });
    const [{ error, value }] = await once(child, 'message');
    const next = waiting.shift();
    if (next) next(child);
    else idle.push(child);
    if (error) throw new Error(error);
    return value;
  }

  const outcomes = await Promise.allSettled(jobs.map((job) => (job.kind === 'io' ? run(job) : compute(job))));
  for (const child of children) child.kill();
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => outcome.value);
}

async function run({ module, name, args }) {
  return (await import(module))[name](...args);
}

function check(jobs, maxWorkers) {
  if (!(maxWorkers >= 1)) throw new RangeError('maxWorkers must be at least 1');
  for (const { kind } of jobs) if (kind !== 'cpu' && kind !== 'io') throw new TypeError(`there is no kind of job ${kind}`);
}

if (process.argv[2] === 'serve') {
  process.on('message', async (job) => {
    try {
      process.send({ value: await run(job) });
    } catch (error) {
      process.send({ error: error.message });
    }
  });
}
