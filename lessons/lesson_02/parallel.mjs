// Do two things really run at the same time? Two sides flip one shared number back and forth for a moment.
//
//     node lessons/lesson_02/parallel.mjs
//
// Side 0 waits for a 0 and makes it a 1, side 1 waits for a 1 and makes it a 0. Sides that take turns on one core get
// one flip out of each turn; sides that run at once answer each other within the blink of an eye.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const NUMBER = 0, ARRIVED = 1; // the words of the shared memory
const BATCH = 200; // looks at the number between two looks at the clock

/** Flip the number whenever it is this side's turn; say who did it, from when to when, and how often. */
// region flip when it is my turn
function flip(v, me, end) {
  const start = now();
  let flips = 0;
  while (now() < end) {
    for (let i = 0; i < BATCH; i++) {
      if (Atomics.load(v, NUMBER) !== me) continue;
      Atomics.store(v, NUMBER, 1 - me); // <-
      flips++;
    }
  }
  return { id: threadId, start, end: now(), flips };
}
// endregion

/** `async` alone gives nobody else a turn. */
async function flipWithoutAwait(v, me, end) {
  return flip(v, me, end);
}

const twoWords = () => new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

function twoFunctions(seconds) {
  const v = twoWords(), end = now() + seconds * 1e6;
  return Promise.all([flipWithoutAwait(v, 0, end), flipWithoutAwait(v, 1, end)]);
}

async function twoWorkers(seconds) {
  const v = twoWords(), file = new URL(import.meta.url);
  const workers = [0, 1].map((me) => new Worker(file, { workerData: { v, me, seconds } }));
  const turns = (await Promise.all(workers.map((worker) => once(worker, 'message')))).flat();
  await Promise.all(workers.map((worker) => worker.terminate()));
  return turns;
}

function takeSide({ v, me, seconds }) {
  // the barrier: who comes first waits for the other
  if (Atomics.add(v, ARRIVED, 1) === 0) Atomics.wait(v, ARRIVED, 1);
  else Atomics.notify(v, ARRIVED);
  parentPort.postMessage(flip(v, me, now() + seconds * 1e6));
}

function tell(variant, turns) {
  for (const { id, start, end } of turns) span(variant, id, start, end);
  const ns = (Math.max(...turns.map((turn) => turn.end)) - Math.min(...turns.map((turn) => turn.start))) * 1000;
  const flips = turns.reduce((sum, turn) => sum + turn.flips, 0);
  row({
    variant, threads: turns.map((turn) => turn.id), flips,
    per_s: Math.round((flips * 1e9) / ns), ns_per_flip: Math.round(ns / Math.max(flips, 1)),
  });
}

async function main({ seconds }) {
  tell('2 async functions', await twoFunctions(seconds));
  tell('2 workers', await twoWorkers(seconds));
}

if (isMainThread) await main(params({ seconds: 0.3 }));
else takeSide(workerData);
