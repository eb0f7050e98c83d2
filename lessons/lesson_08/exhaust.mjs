// A burst of requests, each with a little to calculate: a Worker for each of them, or a pool for all?
//
//     node lessons/lesson_08/exhaust.mjs
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { now, params, row } from '../reporter.mjs';

const FILE = fileURLToPath(import.meta.url);
const POOL = 2;

function calculate(rounds) {
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum = (sum + i * i) % 1_000_003;
  return sum;
}

async function start() {
  const worker = new Worker(FILE);
  await once(worker, 'message'); // it is ready
  return worker;
}

async function ask(worker, rounds) {
  worker.postMessage(rounds);
  const [answer] = await once(worker, 'message');
  return answer;
}

/** Requests that come all at once, a Worker for each: when the last of them has started, they all calculate. */
async function aWorkerEach(requests, rounds) {
  const base = process.memoryUsage().rss, begin = now();
  // region a Worker for each request
  const workers = await Promise.all(Array.from({ length: requests }, start)); // <-
  const ids = workers.map((worker) => worker.threadId);
  const answers = await Promise.all(workers.map((worker) => ask(worker, rounds)));
  // endregion
  const end = now(), bytes = process.memoryUsage().rss - base;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { threads: ids, answered: answers.length, starts: ids.length, at_once: ids.length, bytes, took_ns: Math.round((end - begin) * 1000) };
}

/** The same with two Workers, each of which gets the next request when it has answered the last. */
async function aPool(requests, rounds) {
  const base = process.memoryUsage().rss, begin = now();
  let left = requests;
  const answers = [];
  // region a pool of 2 Workers
  const workers = await Promise.all(Array.from({ length: POOL }, start)); // <-
  const ids = workers.map((worker) => worker.threadId);
  await Promise.all(workers.map(async (worker) => {
    while (left-- > 0) answers.push(await ask(worker, rounds));
  }));
  // endregion
  const end = now(), bytes = process.memoryUsage().rss - base;
  await Promise.all(workers.map((worker) => worker.terminate()));
  return { threads: ids, answered: answers.length, starts: ids.length, at_once: ids.length, bytes, took_ns: Math.round((end - begin) * 1000) };
}

async function main({ threads, rounds }) {
  // the pool first: what the many leave in memory would hide what the few take
  const pool = await aPool(threads, rounds);
  const each = await aWorkerEach(threads, rounds);
  row({ variant: 'a Worker for each request', requests: threads, ...each, threads: each.threads.slice(0, 8) });
  row({ variant: 'a pool of 2 Workers', requests: threads, ...pool });
}

if (isMainThread) await main(params({ threads: 24, rounds: 500_000 }));
else {
  parentPort.on('message', (rounds) => parentPort.postMessage(calculate(rounds)));
  parentPort.postMessage('ready');
}
