// Does a lock really keep the others out? Each worker looks around while it is in the critical section.
//
//     node lessons/lesson_05/lock.mjs
//
// Whoever is inside stays until it has proof, so nothing here depends on luck: either somebody else is inside
// too, or every other worker has found the door locked (or is done for good).
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

// The words of the shared memory: the lock, what it protects, and who is where.
const MUTEX = 0, COUNTER = 1, ARRIVED = 2, NEWS = 3;
const INSIDE = 4, MET = 5, ENTERED = 6, OUTSIDE = 7, WAITED = 8, SLEPT = 9, FINISHED = 10, PLACES = 11, WORDS = 12;

function lock(v) {
  while (Atomics.compareExchange(v, MUTEX, 0, 1) !== 0) {
    Atomics.add(v, OUTSIDE, 1);
    Atomics.add(v, WAITED, 1);
    tellAll(v);
    // Sleep while the mutex is 1; 'not-equal': it was given back just now, no need to sleep.
    if (Atomics.wait(v, MUTEX, 1) === 'not-equal') Atomics.sub(v, OUTSIDE, 1);
    else Atomics.add(v, SLEPT, 1);
  }
}

function unlock(v) {
  Atomics.store(v, MUTEX, 0);
  Atomics.sub(v, OUTSIDE, Atomics.notify(v, MUTEX, 1)); // notify gives how many it woke
}

/** A semaphore counts the places that are free. */
function takePlace(v) {
  for (let free; ; ) {
    if ((free = Atomics.load(v, PLACES)) === 0) {
      Atomics.add(v, WAITED, 1);
      Atomics.wait(v, PLACES, 0);
    } else if (Atomics.compareExchange(v, PLACES, free, free - 1) === free) return;
  }
}

function leavePlace(v) {
  Atomics.add(v, PLACES, 1);
  Atomics.notify(v, PLACES, 1);
}

const variants = {
  'no lock': [() => {}, () => {}],
  'mutex (wait/notify)': [lock, unlock],
  'a semaphore of two': [takePlace, leavePlace],
};

/** Something is new for those who stay inside. */
function tellAll(v) {
  Atomics.add(v, NEWS, 1);
  Atomics.notify(v, NEWS);
}

/** Stay until somebody else is inside too, or all others wait outside. Gives how many were inside. */
function lookAround(v, threads) {
  const seen = Atomics.add(v, INSIDE, 1) + 1;
  if (seen > 1) Atomics.store(v, MET, 1);
  Atomics.add(v, ENTERED, 1);
  tellAll(v);
  for (;;) {
    const news = Atomics.load(v, NEWS); // read before the counts, so that no change goes unnoticed
    if (Atomics.load(v, MET)) break;
    if (Atomics.load(v, OUTSIDE) + Atomics.load(v, FINISHED) === threads - 1) break;
    Atomics.wait(v, NEWS, news);
  }
  Atomics.sub(v, INSIDE, 1);
  return seen;
}

/** Wait until all have arrived, so that all start together. */
function barrier(v, threads) {
  if (Atomics.add(v, ARRIVED, 1) + 1 === threads) Atomics.notify(v, ARRIVED); // the last one wakes the others
  for (let n; (n = Atomics.load(v, ARRIVED)) < threads; ) Atomics.wait(v, ARRIVED, n);
}

function work() {
  const { v, threads, rounds } = workerData;
  parentPort.on('message', (variant) => {
    const [enter, leave] = variants[variant];
    barrier(v, threads);
    const start = now();
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      // region in the critical section
      enter(v); // <-
      const seen = v[COUNTER];
      most = Math.max(most, lookAround(v, threads));
      v[COUNTER] = seen + 1;
      leave(v);
      // endregion
    }
    Atomics.add(v, FINISHED, 1);
    tellAll(v);
    parentPort.postMessage({ id: threadId, start, end: now(), most });
  });
}

async function main({ threads, rounds }) {
  const v = new Int32Array(new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(import.meta.url), workerData = { v, threads, rounds };
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));
  for (const variant of Object.keys(variants)) {
    v.fill(0);
    v[PLACES] = 2;
    const answers = workers.map((worker) => once(worker, 'message'));
    for (const worker of workers) worker.postMessage(variant);
    const turns = (await Promise.all(answers)).flat();
    for (const { id, start, end } of turns) span(variant, id, start, end);
    const wall = Math.max(...turns.map((turn) => turn.end)) - Math.min(...turns.map((turn) => turn.start));
    const entered = v[ENTERED], actual = v[COUNTER], lost = entered - actual;
    const mostInside = Math.max(...turns.map((turn) => turn.most));
    row({
      variant, threads: turns.map((turn) => turn.id), expected: entered, actual, lost,
      lost_share: +(lost / entered).toFixed(4), ops: entered,
      ns_per_op: +((wall * 1000) / entered).toFixed(1), entered, most_inside: mostInside,
      waited: v[WAITED], slept: v[SLEPT],
    });
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ threads: 4, rounds: 100 }));
else work();
