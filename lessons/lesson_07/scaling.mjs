// How many workers does a job want? The same job with none, one, two, as many as there are cores, and twice as many.
//
//     node lessons/lesson_07/scaling.mjs
//
// The job throws random points at a square and counts those in the circle, which gives pi. It comes in parts of one size:
// the first ones must be done by the main thread alone, before it can hand out the others. Each number of workers is
// tried three times, in turn with the others, and the best time counts: what else the machine does only makes it longer.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, now, params, row, span } from '../reporter.mjs';

const ALONE = 3, HANDED_OUT = 24; // parts
const PART = 10_000; // µs
const ROUNDS = 3;
const PATIENCE = 2_000_000; // µs: after so long, no further round is begun

/** How many of the points are in the circle; who found out, and from when to when. */
function inside({ seed, points }) {
  const start = now();
  const random = () => { // a random number, for this much
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  let found = 0;
  for (let i = 0; i < points; i++) {
    const x = random(), y = random();
    if (x * x + y * y < 1) found++;
  }
  return { found, thread: threadId, start, end: now() };
}

async function startWorker() {
  const worker = new Worker(new URL(import.meta.url));
  await once(worker, 'message'); // it is ready
  return worker;
}

/** The whole job, by so many workers: every part's answer. */
async function run(workers, points) {
  const parts = Array.from({ length: ALONE + HANDED_OUT }, (_, seed) => ({ seed, points }));
  const answers = parts.splice(0, ALONE).map(inside);
  // region hand out the parts
  await Promise.all(workers.map((worker) => new Promise((resolve) => {
    const next = () => (parts.length ? worker.postMessage(parts.shift()) : resolve());
    worker.removeAllListeners('message').on('message', (answer) => {
      answers.push(answer);
      next(); // whoever is done gets the next one // <-
    });
    next();
  })));
  // endregion
  return [...answers, ...parts.map(inside)]; // nobody was there to take them
}

/** Bytes of this process, what it shares with others counted once; null where the system does not tell. */
function memory() {
  try {
    return Number(readFileSync('/proc/self/smaps_rollup', 'utf8').match(/^Pss:\s+(\d+)/m)[1]) * 1024;
  } catch {
    return null;
  }
}

/** A row: how much faster than without workers it was, and how much faster Amdahl's law lets it be. */
function tell(workers, { took, answers }, alone, cores, bytes) {
  const variant = workers === 0 ? 'no worker' : workers === 1 ? '1 worker' : `${workers} workers`;
  const times = answers.map(({ start, end }) => end - start);
  const share = ALONE / answers.length;
  for (const [number, { thread, start, end }] of answers.entries()) {
    lane(thread, thread === threadId ? 'main' : 'worker');
    span(number < ALONE ? 'alone' : 'part', thread, start, end, { scene: variant });
  }
  row({
    variant, threads: [...new Set(answers.slice(ALONE).map(({ thread }) => thread))].sort((a, b) => a - b), workers, cores,
    took_ns: Math.round(took * 1000), speed_up: alone / took, amdahl: 1 / (share + (1 - share) / Math.max(workers, 1)), bytes,
    inside: answers.reduce((sum, { found }) => sum + found, 0), best_ns: Math.round(Math.min(...times) * 1000),
    mean_ns: Math.round((times.reduce((a, b) => a + b) / times.length) * 1000),
  });
}

/** How many points a part has. */
function calibrate() {
  const points = 200_000, times = [];
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage();
    inside({ seed: 0, points });
    times.push(process.cpuUsage(before).user);
  }
  return Math.round((points * PART) / Math.min(...times));
}

async function main() {
  params({});
  const points = calibrate(), cores = availableParallelism(); // os.cpus() counts those that are forbidden, too
  const counts = [...new Set([0, 1, 2, Math.min(cores, 16), Math.min(2 * cores, 16)])].sort((a, b) => a - b);
  const workers = [], extra = [null], before = memory();
  for (let count = 1; count <= counts.at(-1); count++) {
    workers.push(await startWorker());
    extra.push(before === null ? null : Math.max(0, memory() - before));
  }
  const best = new Map(), begin = now();
  for (let round = 0; round < ROUNDS && (!round || now() - begin < PATIENCE); round++) {
    for (const count of counts) {
      const start = now();
      const answers = await run(workers.slice(0, count), points);
      const took = now() - start;
      if (took < (best.get(count)?.took ?? Infinity)) best.set(count, { took, answers });
    }
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  for (const [count, seen] of best) tell(count, seen, best.get(0).took, cores, extra[count]);
}

if (isMainThread) await main();
else {
  parentPort.on('message', (part) => parentPort.postMessage(inside(part)));
  parentPort.postMessage('ready');
}
