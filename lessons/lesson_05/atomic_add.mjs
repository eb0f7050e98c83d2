// What does it cost to add one so that nothing is lost: an atomic operation, a loop around one, or a mutex?
//
//     node lessons/lesson_05/atomic_add.mjs
//
// Each way is timed twice: by one worker alone, and by all of them on the same word.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const COUNTER = 0, MUTEX = 1, ARRIVED = 2; // the words of the shared memory
const BATCH = 100; // additions between two looks at the clock
const LIMIT = 2 ** 31; // a word holds less than this

/** Each adds one and gives how often it had to try again. */
const steps = {
  'v[0]++': (v) => {
    v[COUNTER]++; // for reference: no atomic operation, so nobody keeps the others out
    return 0;
  },
  // region Atomics.add
  'Atomics.add': (v) => {
    Atomics.add(v, COUNTER, 1); // <-
    return 0;
  },
  // endregion
  'compareExchange loop': (v) => {
    let retries = 0;
    for (let seen = Atomics.load(v, COUNTER); ; retries++) {
      const found = Atomics.compareExchange(v, COUNTER, seen, seen + 1);
      if (found === seen) return retries;
      seen = found; // another was faster: try again from what is there now
    }
  },
  // region mutex (wait/notify)
  'mutex (wait/notify)': (v) => {
    let retries = 0;
    for (; Atomics.compareExchange(v, MUTEX, 0, 1) !== 0; retries++) Atomics.wait(v, MUTEX, 1); // <-
    v[COUNTER]++;
    Atomics.store(v, MUTEX, 0);
    Atomics.notify(v, MUTEX, 1);
    return retries;
  },
  // endregion
};

/** Wait until `target` arrivals have been counted. */
function barrier(v, target) {
  if (Atomics.add(v, ARRIVED, 1) + 1 === target) Atomics.notify(v, ARRIVED); // the last one wakes the others
  for (let n; (n = Atomics.load(v, ARRIVED)) < target; ) Atomics.wait(v, ARRIVED, n);
}

function work() {
  const { v, threads } = workerData;
  parentPort.on('message', ({ variant, target, seconds }) => {
    const step = steps[variant], most = LIMIT / threads - BATCH;
    barrier(v, target);
    const start = now();
    let done = 0, retries = 0;
    while (now() < start + seconds * 1e6 && done < most) {
      for (let i = 0; i < BATCH; i++) retries += step(v);
      done += BATCH;
    }
    parentPort.postMessage({ id: threadId, start, end: now(), done, retries });
  });
}

async function main({ threads, seconds }) {
  const v = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(import.meta.url), workerData = { v, threads };
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));

  async function run(variant, crew, seconds) {
    v[COUNTER] = 0;
    const target = v[ARRIVED] + crew.length;
    const answers = crew.map((worker) => once(worker, 'message'));
    for (const worker of crew) worker.postMessage({ variant, target, seconds });
    const turns = (await Promise.all(answers)).flat();
    const wall = Math.max(...turns.map((turn) => turn.end)) - Math.min(...turns.map((turn) => turn.start));
    const ops = turns.reduce((sum, turn) => sum + turn.done, 0);
    return { turns, ops, ns: +((wall * 1000) / Math.max(ops, 1)).toFixed(1) };
  }

  for (const variant of Object.keys(steps)) {
    let alone = Infinity; // the best of 20: the one that other programs disturbed least
    for (let i = 0; i < 20; i++) {
      const { ns } = await run(variant, workers.slice(0, 1), seconds / 40);
      alone = Math.min(alone, ns);
    }
    const { turns, ops, ns } = await run(variant, workers, seconds);
    for (const { id, start, end } of turns) span(variant, id, start, end);
    const actual = v[COUNTER], lost = ops - actual;
    row({
      variant, threads: turns.map((turn) => turn.id), expected: ops, actual, lost,
      lost_share: +(lost / Math.max(ops, 1)).toFixed(4), ops, ns_per_op: ns, ns_alone: alone,
      retries: turns.reduce((sum, turn) => sum + turn.retries, 0),
    });
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ threads: 4, seconds: 0.25 }));
else work();
