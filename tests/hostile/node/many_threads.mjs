// verdict: fail
// says: had more than 40 threads at once|used more than 400 MB
// why: more threads than any exercise asks for
import { isMainThread, Worker } from 'node:worker_threads';

const idle = 'setInterval(() => {}, 1_000)';
if (!isMainThread) for (let i = 0; i < 60; i++) new Worker(idle, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 4 } });

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
