// A worker that only counts, in shared memory, is a clock for everybody else. How fine is it?
//
//     node lessons/lesson_05/clock.mjs
import { isMainThread, threadId, Worker, workerData } from 'node:worker_threads';
import { params, row } from '../reporter.mjs';

const STOP = 1, BATCH = 1_000;

/** The worker: count, without end. */
// region count, without end
function count(memory) {
  while (Atomics.load(memory, STOP) === 0) {
    for (let i = 0; i < BATCH; i++) memory[0]++; // <-
  }
}
// endregion

/** How far a clock gets in so many seconds, and the smallest step that it ever makes. */
function watch(read, seconds) {
  const end = performance.now() + seconds * 1000;
  let last = read(), smallest = Infinity, steps = 0;
  const first = last;
  while (performance.now() < end) {
    const next = read();
    if (next !== last) {
      smallest = Math.min(smallest, next - last);
      steps++;
      last = next;
    }
  }
  return { passed: last - first, smallest, steps };
}

async function main({ seconds }) {
  const memory = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: memory });
  while (Atomics.load(memory, 0) === 0) await new Promise((go) => setTimeout(go, 1));

  for (const [variant, read, ns] of [['Date.now()', Date.now, 1e6], ['performance.now()', () => performance.now(), 1e6]]) {
    const { smallest, steps } = watch(read, seconds);
    row({ variant, threads: [threadId], ticks: steps, ns_per_tick: smallest * ns });
  }
  const begun = process.hrtime.bigint();
  const { passed } = watch(() => memory[0], seconds);
  const took = Number(process.hrtime.bigint() - begun);
  Atomics.store(memory, STOP, 1);
  row({ variant: 'a worker that counts', threads: [threadId, worker.threadId], ticks: passed, ns_per_tick: passed ? took / passed : null });
}

if (isMainThread) await main(params({ seconds: 0.3 }));
else count(workerData);
