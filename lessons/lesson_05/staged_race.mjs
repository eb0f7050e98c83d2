// A lost update on order: everyone reads, then everyone writes, so all but one addition of a round is lost.
//
//     node lessons/lesson_05/staged_race.mjs
//
// In a race the scheduler decides who reads what. Here a barrier decides, so every run gives the same counts.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const COUNTER = 0, ARRIVED = 1, MUTEX = 2; // the words of the shared memory

const variants = {
  // region read | barrier | write
  'read | barrier | write'(v, barrier) {
    const seen = v[COUNTER];
    barrier(); // everyone has read, and all have read the same number // <-
    v[COUNTER] = seen + 1; // so everyone writes the same number
  },
  // endregion
  'lock: read, write | barrier'(v, barrier) {
    while (Atomics.compareExchange(v, MUTEX, 0, 1) !== 0) Atomics.wait(v, MUTEX, 1);
    const seen = v[COUNTER];
    v[COUNTER] = seen + 1; // nobody reads between these two lines
    Atomics.store(v, MUTEX, 0);
    Atomics.notify(v, MUTEX, 1);
    barrier(); // the same number of barriers, for a fair price
  },
};

/** Wait until all threads have come here as often as this one. */
function barrierOf(v, threads) {
  let target = 0;
  return () => {
    target += threads;
    if (Atomics.add(v, ARRIVED, 1) + 1 === target) Atomics.notify(v, ARRIVED); // the last wakes the others
    for (let n; (n = Atomics.load(v, ARRIVED)) < target; ) Atomics.wait(v, ARRIVED, n);
  };
}

function play() {
  const { v, threads, rounds } = workerData;
  const barrier = barrierOf(v, threads);
  parentPort.on('message', (variant) => {
    const start = now();
    for (let round = 0; round < rounds; round++) {
      variants[variant](v, barrier);
      barrier(); // everyone has written: the round is over
    }
    parentPort.postMessage({ id: threadId, start, end: now() });
  });
}

async function main({ threads, rounds }) {
  const v = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(import.meta.url), workerData = { v, threads, rounds };
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));
  for (const variant of Object.keys(variants)) {
    v[COUNTER] = 0;
    const answers = workers.map((worker) => once(worker, 'message'));
    for (const worker of workers) worker.postMessage(variant);
    const turns = (await Promise.all(answers)).flat();
    for (const { id, start, end } of turns) span(variant, id, start, end);
    const wall = Math.max(...turns.map((t) => t.end)) - Math.min(...turns.map((t) => t.start));
    const expected = threads * rounds, actual = v[COUNTER], lost = expected - actual;
    row({
      variant, threads: turns.map((t) => t.id), expected, actual, lost, lost_share: lost / expected,
      ops: expected, rounds, ns_per_op: +((wall * 1000) / expected).toFixed(1),
    });
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ threads: 2, rounds: 1000 }));
else play();
