// Several workers add to one counter at the same time. Which ways of adding one lose updates?
//
//     node lessons/lesson_05/race.mjs
//
// All start together at a barrier, add for a fixed time, and count what they did themselves.
// The counter should hold the sum of these counts; what is missing was lost.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const COUNTER = 0, MUTEX = 1, ARRIVED = 2; // the words of the shared memory
const BATCH = 100; // additions between two looks at the clock
const WINDOW = 100; // messages a worker may have out without an answer
const LIMIT = 2 ** 31; // a word holds less than this

/** One more than n, after some work, so that time passes between the read and the write. */
// region v[0] = f(v[0])
const f = (n) => JSON.parse(JSON.stringify(n)) + 1;

const steps = {
  'v[0]++': (v) => { v[COUNTER]++; },
  'v[0] = f(v[0])': (v) => { v[COUNTER] = f(v[COUNTER]); }, // <-
  'Atomics.load, then Atomics.store': (v) => { Atomics.store(v, COUNTER, f(Atomics.load(v, COUNTER))); },
  'Atomics.add': (v) => { Atomics.add(v, COUNTER, 1); },
// endregion
  'mutex (wait/notify)': (v) => {
    while (Atomics.compareExchange(v, MUTEX, 0, 1) !== 0) Atomics.wait(v, MUTEX, 1);
    v[COUNTER] = f(v[COUNTER]);
    Atomics.store(v, MUTEX, 0);
    Atomics.notify(v, MUTEX, 1);
  },
};
const MESSAGES = 'one owner, messages';

/** In a worker: do the step until the time is over. Gives how often. */
function repeat(step, v, end, most) {
  let done = 0;
  while (now() < end && done < most) {
    for (let i = 0; i < BATCH; i++) step(v);
    done += BATCH;
  }
  return done;
}

/** In a worker: ask the owner to add, never with more than WINDOW questions open. Gives how often. */
function ask(end) {
  return new Promise((resolve) => {
    let done = 0, open = 0;
    const send = () => {
      for (; open < WINDOW && now() < end; open++, done++) parentPort.postMessage('add');
      if (open === 0) resolve(done);
    };
    parentPort.on('message', (message) => {
      if (message !== 'added') return;
      open--;
      send();
    });
    send();
  });
}

/** Wait until `target` arrivals have been counted. */
function barrier(v, target) {
  if (Atomics.add(v, ARRIVED, 1) + 1 === target) Atomics.notify(v, ARRIVED); // the last one wakes the others
  for (let n; (n = Atomics.load(v, ARRIVED)) < target; ) Atomics.wait(v, ARRIVED, n);
}

function work() {
  const { v, threads, seconds } = workerData;
  parentPort.on('message', async ({ variant, round }) => {
    if (!variant) return;
    barrier(v, round * threads);
    const start = now(), end = start + seconds * 1e6;
    const most = LIMIT / threads - BATCH;
    const done = variant === MESSAGES ? await ask(end) : repeat(steps[variant], v, end, most);
    parentPort.postMessage({ id: threadId, start, end: now(), done });
  });
}

async function main({ threads, seconds }) {
  const v = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const file = new URL(import.meta.url), workerData = { v, threads, seconds };
  const workers = Array.from({ length: threads }, () => new Worker(file, { workerData }));

  async function race(variant, round) {
    v[COUNTER] = 0;
    const answers = workers.map((worker) => once(worker, 'message'));
    for (const worker of workers) worker.postMessage({ variant, round });
    const turns = (await Promise.all(answers)).flat();
    tell(variant, turns, v[COUNTER]);
  }

  async function raceWithAnOwner(round) {
    let counter = 0; // only this thread ever touches it
    const answers = workers.map((worker) => new Promise((resolve, reject) => {
      worker.once('error', reject);
      worker.on('message', (message) => {
        if (message !== 'add') return resolve(message);
        counter++;
        worker.postMessage('added');
      });
      worker.postMessage({ variant: MESSAGES, round });
    }));
    tell(MESSAGES, await Promise.all(answers), counter, { owner: threadId });
  }

  let round = 1;
  for (const variant of Object.keys(steps)) await race(variant, round++);
  await raceWithAnOwner(round);
  await Promise.all(workers.map((worker) => worker.terminate()));
}

function tell(variant, turns, actual, more) {
  for (const { id, start, end } of turns) span(variant, id, start, end);
  const wall = Math.max(...turns.map((turn) => turn.end)) - Math.min(...turns.map((turn) => turn.start));
  const expected = turns.reduce((sum, turn) => sum + turn.done, 0), lost = expected - actual;
  row({
    variant, threads: turns.map((turn) => turn.id), expected, actual, lost,
    lost_share: +(lost / Math.max(expected, 1)).toFixed(4), ops: expected,
    ns_per_op: +((wall * 1000) / Math.max(expected, 1)).toFixed(1), ...more,
  });
}

if (isMainThread) await main(params({ threads: 4, seconds: 0.25 }));
else work();
