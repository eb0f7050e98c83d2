// What does a worker cost? How long each kind takes to start, the memory it needs, and five small jobs done by it.
//
//     node lessons/lesson_02/cost.mjs
//
// The jobs are done twice: by a new worker for each, and by one worker that is kept and used again.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const JOBS = 5;
const STARTED = 3; // workers of a kind that are started to measure one
const FILE = fileURLToPath(import.meta.url);
const IS_CHILD = process.argv[2] === 'child';

const fib = (n) => (n < 2 ? n : fib(n - 1) + fib(n - 2));

/** A worker: a number comes in, its Fibonacci number goes out. */
function serve(port, answer) {
  port.on('message', (n) => answer(fib(n)));
  answer({ process: process.pid, thread: threadId });
}

// region two kinds of worker
const kinds = {
  'Worker': {
    start: () => new Worker(FILE), // <-
    post: (worker, n) => worker.postMessage(n),
    end: (worker) => worker.terminate(),
  },
  'process, fork': { // of child_process: a new Node.js
    start: () => fork(FILE, ['child'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] }),
    post: (child, n) => child.send(n),
    end: async (child) => { child.kill(); await once(child, 'exit'); },
  },
};
// endregion

/** Bytes of these processes, what they share counted once; null where the system does not tell. */
function memory(...processes) {
  try {
    const shares = processes.map((id) => readFileSync(`/proc/${id}/smaps_rollup`, 'utf8').match(/^Pss:\s+(\d+)/m)[1]);
    return shares.reduce((sum, kilobytes) => sum + Number(kilobytes), 0) * 1024;
  } catch {
    return null;
  }
}

const message = async (worker) => (await once(worker, 'message'))[0];

async function measure(variant, { start, post, end }, n) {
  const before = memory(process.pid), held = [], starts = [], seen = [];
  for (let i = 0; i < STARTED; i++) {
    const began = now();
    const worker = start();
    held.push(worker);
    seen.push(await message(worker)); // it runs
    starts.push(now() - began);
    span(`start: ${variant}`, seen[i].thread, began, now(), { process: seen[i].process, state: 'starting' });
  }
  const others = seen.map((each) => each.process).filter((id) => id !== process.pid);
  const extra = memory(process.pid, ...others) - before;
  const [worker] = held;
  const keptStart = now();
  for (let i = 0; i < JOBS; i++) {
    post(worker, n);
    await message(worker);
  }
  const kept = now() - keptStart;
  await Promise.all(held.map(end));

  const newStart = now();
  for (let i = 0; i < JOBS; i++) {
    const worker = start();
    await message(worker);
    post(worker, n);
    await message(worker);
    await end(worker);
  }
  row({
    variant, threads: seen.map((each) => (others.length ? each.process : each.thread)),
    start_ns: Math.round(starts.sort((a, b) => a - b)[STARTED >> 1] * 1000), bytes: before === null ? null : Math.round(Math.max(extra, 0) / STARTED),
    new_each_ns: Math.round((now() - newStart) * 1000), kept_ns: Math.round(kept * 1000),
  });
}

async function main({ n }) {
  const start = now();
  for (let i = 0; i < JOBS; i++) fib(n);
  row({ variant: 'no worker', threads: [threadId], kept_ns: Math.round((now() - start) * 1000) });
  for (const [variant, kind] of Object.entries(kinds)) await measure(variant, kind, n);
}

if (!isMainThread) serve(parentPort, (value) => parentPort.postMessage(value));
else if (IS_CHILD) serve(process, (value) => process.send(value));
else await main(params({ n: 12 }));
