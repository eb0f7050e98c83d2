// Does Promise.all make things run at the same time?
//
//     node lessons/lesson_01/promise_all.mjs
//
// Four functions that calculate, and four that wait, are started together. Each notes when it began and ended, so we
// can count how many were under way at once.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const JOBS = 4;
const WAIT = 50; // ms
const WORKERS = 2;

/** CPU work; gives who did it, from when to when. */
async function calculate(rounds) {
  const start = now();
  let hash = 'password';
  for (let i = 0; i < rounds; i++) hash = createHash('sha256').update(hash).digest();
  return { id: threadId, start, end: now() };
}

/** Waiting: nobody calculates while a timer, a socket or a disk is awaited. */
async function wait() {
  const start = now();
  await new Promise((resolve) => setTimeout(resolve, WAIT));
  return { id: threadId, start, end: now() };
}

// region in turn, and all at once
async function inTurn(job) {
  const turns = [];
  for (let i = 0; i < JOBS; i++) turns.push(await job());
  return turns;
}

const allAtOnce = (job) => Promise.all(Array.from({ length: JOBS }, () => job())); // <-
// endregion

/** Two workers, each with every second job. */
async function onWorkers(workers, rounds) {
  const answers = workers.map((worker) => once(worker, 'message'));
  for (const worker of workers) worker.postMessage({ jobs: JOBS / WORKERS, rounds });
  return (await Promise.all(answers)).flat(2);
}

/** The largest number of turns that were under way at the same moment. */
function mostAtOnce(turns) {
  return Math.max(...turns.map(({ start }) => turns.filter((other) => other.start <= start && start < other.end).length));
}

async function measure(variant, run) {
  const start = now();
  const turns = await run();
  const wall = now() - start;
  for (const turn of turns) span(variant, turn.id, turn.start, turn.end);
  const work = turns.reduce((sum, turn) => sum + turn.end - turn.start, 0);
  row({
    variant, threads: [...new Set(turns.map((turn) => turn.id))], at_once: mostAtOnce(turns),
    work_ns: Math.round(work * 1000), wall_ns: Math.round(wall * 1000),
  });
}

async function main({ rounds }) {
  const workers = Array.from({ length: WORKERS }, () => new Worker(new URL(import.meta.url)));
  await onWorkers(workers, rounds / 10); // all sides warm up
  await calculate(rounds / 10);
  await measure('calculate, in turn', () => inTurn(() => calculate(rounds)));
  await measure('calculate, Promise.all', () => allAtOnce(() => calculate(rounds)));
  await measure('wait 50 ms, in turn', () => inTurn(wait));
  await measure('wait 50 ms, Promise.all', () => allAtOnce(wait));
  await measure('calculate, two workers', () => onWorkers(workers, rounds));
  await Promise.all(workers.map((worker) => worker.terminate()));
}

async function work({ jobs, rounds }) {
  const turns = [];
  for (let i = 0; i < jobs; i++) turns.push(await calculate(rounds));
  parentPort.postMessage(turns);
}

if (isMainThread) await main(params({ rounds: 50_000 }));
else parentPort.on('message', work);
