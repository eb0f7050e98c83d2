// Create a worker, hand it data, get an answer, end it: every message with the thread that sent it.
//
//     node lessons/lesson_03/hello.mjs
//
// One file, run by two threads: `isMainThread` tells it which of them it is.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { lane, mark, now, params, row, span } from '../reporter.mjs';

const LIMIT = 300_000; // the worker's task: how many primes are below?
const PINGS = 50;
const LOOK = 2; // ms between two turns of the main thread's loop

function primesBelow(limit) {
  let count = 0;
  for (let n = 2; n < limit; n++) {
    let prime = true;
    for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
    count += prime;
  }
  return count;
}

/** The worker: answers what comes through its parentPort. */
function answer() {
  const ready = { id: threadId, main: isMainThread, data: workerData, at: now() };
  parentPort.postMessage(ready); // as much as: here I am
  parentPort.on('message', ({ task, limit, sent }) => {
    const start = now();
    if (task === 'ping') parentPort.postMessage('pong');
    if (task === 'primes') parentPort.postMessage({ primes: primesBelow(limit), sent, start, end: now() });
    if (task === 'for ever') {
      parentPort.postMessage(start);
      for (;;);
    }
  });
}

async function main() {
  const here = `main ${threadId}`;
  lane(threadId, 'main');
  const begun = now();
  const worker = new Worker(new URL(import.meta.url), { workerData: 'hello' });
  const [ready] = await once(worker, 'message');
  const there = `worker ${ready.id}`;
  lane(ready.id, 'worker');
  const told = (step, from, to, carried, start, end, more) =>
    row({ variant: step, from, to, carried, took_ns: Math.round((end - start) * 1000), ...more });
  span('starting', ready.id, begun, ready.at, { state: 'starting' });
  told('new Worker, workerData', here, there, ready.data, begun, ready.at, {
    main_is_main: isMainThread, worker_is_main: ready.main, main_id: threadId, worker_id: ready.id,
  });

  // region ask, and go on meanwhile
  let turns = 0; // of the main thread's event loop, while the worker calculates
  const timer = setInterval(() => {
    turns++;
    mark('turn', threadId);
  }, LOOK);
  const sent = now();
  worker.postMessage({ task: 'primes', limit: LIMIT, sent }); // <-
  const [result] = await once(worker, 'message');
  // endregion
  const got = now();
  clearInterval(timer);
  span('waiting for the answer', threadId, sent, got, { state: 'waiting' });
  span('counting primes', ready.id, result.start, result.end);
  told('postMessage, there', here, there, `primes below ${LIMIT}?`, result.sent, result.start);
  told('postMessage, back', there, here, `${result.primes} primes`, result.end, got, {
    turns, primes: result.primes, limit: LIMIT,
  });

  let fastest = Infinity;
  for (let i = 0; i < PINGS; i++) {
    const start = now();
    worker.postMessage({ task: 'ping' });
    await once(worker, 'message');
    fastest = Math.min(fastest, now() - start);
  }
  told(`ping, fastest of ${PINGS}`, here, `${there} and back`, 'ping, pong', 0, fastest, { ping: true });

  worker.postMessage({ task: 'for ever' });
  const [endless] = await once(worker, 'message');
  const stop = now();
  const code = await worker.terminate();
  const end = now();
  span('for (;;);', ready.id, endless, end);
  span('terminate', threadId, stop, end, { state: 'waiting' });
  told('terminate', here, there, `exit code ${code}`, stop, end, { code });
}

if (isMainThread) await main(params({}));
else answer();
