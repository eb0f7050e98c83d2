// The main thread wants a lock that a worker holds for 50 ms. Does its event loop turn while it waits?
//
//     node lessons/lesson_05/lock_and_loop.mjs
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { params, row, skip } from '../reporter.mjs';

const MUTEX = 0, COUNTER = 1;
const HELD = 50, BEAT = 2; // ms
const locks = globalThis.navigator?.locks; // Web Locks: since Node.js 24.5

// region to take a mutex
function lock(v) {
  while (Atomics.compareExchange(v, MUTEX, 0, 1) !== 0) Atomics.wait(v, MUTEX, 1); // <-
}

function unlock(v) {
  Atomics.store(v, MUTEX, 0);
  Atomics.notify(v, MUTEX, 1);
}

/** The same lock, but the thread goes on: waitAsync gives a promise. */
async function lockAsync(v) {
  while (Atomics.compareExchange(v, MUTEX, 0, 1) !== 0) await Atomics.waitAsync(v, MUTEX, 1).value;
// endregion
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** How to be in the critical section, for each variant: in a worker that holds it, and here. */
const variants = {
  'a mutex, Atomics.wait': async (v, inside) => { lock(v); try { await inside(); } finally { unlock(v); } },
  'a mutex, Atomics.waitAsync': async (v, inside) => { await lockAsync(v); try { await inside(); } finally { unlock(v); } },
  'navigator.locks': (v, inside) => locks.request('counter', inside),
};

async function add(v, stay) {
  const seen = v[COUNTER];
  await sleep(stay);
  v[COUNTER] = seen + 1;
}

/** A worker: hold the lock for a while. */
async function hold() {
  const { v, variant } = workerData;
  await variants[variant](v, async () => {
    parentPort.postMessage('held');
    await add(v, HELD);
  });
}

async function measure(variant) {
  const v = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(import.meta.url), { workerData: { v, variant } });
  const ended = once(worker, 'exit');
  await once(worker, 'message');
  const id = worker.threadId;
  let beats = 0;
  const heart = setInterval(() => beats++, BEAT);
  const begun = performance.now();
  let took, meanwhile;
  await variants[variant](v, async () => {
    took = performance.now() - begun;
    meanwhile = beats;
    await add(v, 1);
  });
  clearInterval(heart);
  await ended;
  row({ variant, threads: [threadId, id], took_ns: Math.round(took * 1e6), beats: meanwhile, expected: 2, counted: v[COUNTER], lost: 2 - v[COUNTER] });
}

if (isMainThread) {
  params({});
  for (const variant of Object.keys(variants)) {
    if (variant === 'navigator.locks' && !locks) skip(variant, 'Web Locks came with Node.js 24.5');
    else await measure(variant);
  }
} else await hold();
