// Which work gets done sooner when two workers share it? Each kind is done by one worker, then by two at once.
//
//     node lessons/lesson_02/gil.mjs
//
// CPU time per second of wall time says how many cores worked on it. Each is measured three times, and the best time
// counts: what else the machine does can only make it longer.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { deflateSync } from 'node:zlib';
import { now, params, row, span } from '../reporter.mjs';

const ROUNDS = 3;
const LARGE = new Uint8Array(4 * 1024 * 1024);
const LINES = Buffer.from(Array.from({ length: 8192 }, (_, i) => `${i}: ${i * i}`).join('\n'));
const SLEEPER = new Int32Array(new SharedArrayBuffer(4));
const SMALL = new Uint8Array(2047); // too small for Python's threads: see gil.py

// region five kinds of work
const kinds = {
  'plain JavaScript'() {
    let total = 0;
    for (let i = 0; i < 100_000; i++) total += (i * i) % 7; // <-
    return total;
  },
  'sleep'() { Atomics.wait(SLEEPER, 0, 0, 10); },
  'sha256 of 4 MB'() { createHash('sha256').update(LARGE).digest(); },
  'zlib'() { deflateSync(LINES); },
  'sha256 of 2,047 bytes'() { for (let i = 0; i < 100; i++) createHash('sha256').update(SMALL).digest(); },
};
// endregion
const ASYNC = 'two async functions, plain JavaScript';
const TIMERS = 'two async functions, timers';

function work() {
  parentPort.on('message', ({ kind, times }) => {
    const start = now();
    for (let i = 0; i < times; i++) kinds[kind]();
    parentPort.postMessage({ id: threadId, start, end: now() });
  });
}

/** Do it: who did it when, the wall time and the CPU time of the process, in ms. */
async function timed(doIt) {
  const before = process.cpuUsage();
  const turns = await doIt();
  const { user, system } = process.cpuUsage(before);
  const wall = (Math.max(...turns.map((turn) => turn.end)) - Math.min(...turns.map((turn) => turn.start))) / 1000;
  return { turns, wall, cpu: (user + system) / 1000 };
}

async function best(doIt) {
  const measured = [];
  for (let round = 0; round < ROUNDS; round++) measured.push(await timed(doIt));
  return measured.reduce((a, b) => (b.wall < a.wall ? b : a));
}

async function measure(variant, seconds, inTurn, atOnce) {
  let times = 1, tried;
  while ((tried = (await timed(() => inTurn(times))).wall) < (seconds * 1000) / 4) times *= 2;
  times = Math.max(1, Math.round((times * seconds * 1000) / tried));
  const { wall: alone } = await best(() => inTurn(times));
  const { turns, wall, cpu } = await best(() => atOnce(times));
  for (const { id, start, end } of turns) span(variant, id, start, end);
  row({
    variant, threads: turns.map((turn) => turn.id), alone_ns: Math.round(alone * 1e6), together_ns: Math.round(wall * 1e6),
    speedup: +((2 * alone) / wall).toFixed(3), cores: +(cpu / wall).toFixed(3),
  });
}

async function main({ seconds }) {
  const workers = [0, 1].map(() => new Worker(new URL(import.meta.url)));
  const ask = async (worker, kind, times) => {
    worker.postMessage({ kind, times });
    return (await once(worker, 'message'))[0];
  };
  await Promise.all(workers.map((worker) => ask(worker, 'sleep', 1))); // both have started now
  for (const kind of Object.keys(kinds)) {
    await measure(
      kind, seconds,
      (times) => Promise.all([ask(workers[0], kind, times)]),
      (times) => Promise.all(workers.map((worker) => ask(worker, kind, times))),
    );
  }
  await Promise.all(workers.map((worker) => worker.terminate()));

  // Without workers: two async functions on this one thread.
  const asynchronous = (step) => async (times) => {
    const start = now();
    for (let i = 0; i < times; i++) await step();
    return { id: threadId, start, end: now() };
  };
  const timer = () => new Promise((resolve) => setTimeout(resolve, 10));
  for (const [variant, step] of [[ASYNC, kinds['plain JavaScript']], [TIMERS, timer]]) {
    const once = asynchronous(step);
    await measure(variant, seconds, (times) => Promise.all([once(times)]), (times) => Promise.all([once(times), once(times)]));
  }
}

if (isMainThread) await main(params({ seconds: 0.05 }));
else work();
