// An event loop, a busy worker and an idle one are watched while they work. What does each figure tell?
//
//     node lessons/lesson_10/monitor.mjs
//
// The loop hands out a job of 10 ms every 20 ms, so the worker is busy half the time. Then somebody blocks the loop.
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { gauge, params, row, skip } from '../reporter.mjs';

const PERIOD_MS = 10; // between two ticks of the histogram's timer
const WARM_UP_MS = 3 * PERIOD_MS;
const READING_MS = 100; // between two readings of all gauges
const JOB_MS = 10, EVERY_MS = 20;
const BLOCK_MS = 200;
const SHORT = { 'event loop': 'loop', 'busy worker': 'worker', 'idle worker': 'idle' };

/** Somebody calculates on this thread. */
function calculate(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** How late the loop's timers are. In Node.js such a reading is never below the period: it is the time between two ticks. */
function watchDelay() {
  const delay = monitorEventLoopDelay({ resolution: PERIOD_MS });
  delay.enable();
  return delay;
}

const figures = (delay) => ({ mean_ns: Math.round(delay.mean), p99_ns: delay.percentile(99) });

/** A block of 200 ms, so long after the watch was started: what does the watch say? */
async function stall(variant, warmUpMs) {
  // region block a loop that is watched
  const delay = watchDelay();
  if (warmUpMs) await sleep(warmUpMs);
  calculate(BLOCK_MS); // <-
  await sleep(300);
  // endregion
  delay.disable();
  row({ variant, threads: [threadId], blocked_ns: BLOCK_MS * 1e6, ...figures(delay) });
}

/** Linux tells in a file how long a thread was on a core. */
const nativeId = () => (process.platform === 'linux' ? readlinkSync('/proc/thread-self').split('/').pop() : null);
const onCoreNs = (id) => id && Number(readFileSync(`/proc/self/task/${id}/schedstat`, 'latin1').split(' ')[0]);

/** In a worker: jobs of 10 ms. */
function work() {
  parentPort.postMessage(nativeId());
  parentPort.on('message', () => {
    calculate(JOB_MS);
    Atomics.add(workerData.done, 0, 1);
  });
}

async function startWorker(name) {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL(import.meta.url), { workerData: { done } });
  const [native] = await once(worker, 'message');
  return {
    name, worker, done, id: worker.threadId,
    utilisation: worker.performance.eventLoopUtilization, // asked from outside
    async cpuNs() {
      if (!worker.cpuUsage) return onCoreNs(native); // it is there from Node.js 24.6 on
      const { user, system } = await worker.cpuUsage();
      return (user + system) * 1000;
    },
  };
}

const mainThread = {
  name: 'event loop', id: threadId,
  utilisation: performance.eventLoopUtilization,
  async cpuNs() {
    if (!process.threadCpuUsage) return onCoreNs(nativeId());
    const { user, system } = process.threadCpuUsage();
    return (user + system) * 1000;
  },
};

/** What each thread has counted until now. */
async function totals(threads) {
  const counted = new Map();
  for (const thread of threads) {
    counted.set(thread, { now: performance.now(), utilisation: thread.utilisation(), cpuNs: await thread.cpuNs() });
  }
  return counted;
}

const rounded = (share) => Math.max(0, Number(share.toFixed(3)));

/** The part of the time between two totals that each thread was busy, and the part that it was on a core. */
function shares(before, after) {
  return [...after].map(([thread, { now, utilisation, cpuNs }]) => {
    const old = before.get(thread);
    return {
      name: thread.name, id: thread.id,
      utilisation: rounded(thread.utilisation(utilisation, old.utilisation).utilization),
      cpu: cpuNs === null ? null : rounded((cpuNs - old.cpuNs) / 1e6 / (now - old.now)),
    };
  });
}

async function watched(seconds) {
  const busy = await startWorker('busy worker'), idle = await startWorker('idle worker');
  const threads = [mainThread, busy, idle];
  const delay = watchDelay(), latest = watchDelay();
  const begin = performance.now();
  let watching = true, sent = 0, waiting = 0, longest = 0;

  /** A job every 20 ms; after a delay all that are due at once. */
  async function handOut() {
    while (watching) {
      for (; sent < Math.floor((performance.now() - begin) / EVERY_MS); sent++) busy.worker.postMessage('a job');
      const now = sent - Atomics.load(busy.done, 0);
      waiting = Math.max(waiting, now);
      longest = Math.max(longest, now);
      await sleep(EVERY_MS);
    }
  }

  /** Read every gauge again and again. */
  async function read() {
    let before = await totals(threads);
    while (watching) {
      await sleep(READING_MS);
      await nextTurn(); // the histogram's timer may come after ours, and reset() would throw its tick away
      const after = await totals(threads), shared = shares(before, after);
      gauge('loop delay', latest.max, 'ns');
      gauge('loop busy', shared[0].utilisation, 'share');
      gauge('worker busy', shared[1].utilisation, 'share');
      for (const { name, cpu } of shared) if (cpu !== null) gauge(`${SHORT[name]} on CPU`, cpu, 'share');
      gauge('jobs waiting', waiting);
      latest.reset();
      waiting = 0;
      before = after;
    }
  }

  const tasks = [handOut(), read()];
  await sleep(WARM_UP_MS);
  const before = await totals(threads);
  await sleep(seconds * 500);
  const measured = shares(before, await totals(threads));
  const told = { 'event loop': figures(delay), 'busy worker': { waiting: longest } };
  longest = 0;
  calculate(BLOCK_MS);
  await sleep(seconds * 500);
  watching = false;
  await Promise.all(tasks);
  await Promise.all([busy, idle].map(({ worker }) => worker.terminate()));

  for (const { name, id, utilisation, cpu } of measured) row({ variant: name, threads: [id], utilisation, cpu, ...told[name] });
  row({ variant: 'busy worker, after a block', threads: [busy.id], waiting: longest, due: BLOCK_MS / EVERY_MS });
  if (measured[0].cpu === null) skip('CPU per thread', 'this takes Linux, or Node.js 24.6');
  delay.disable();
  latest.disable();
}

async function main({ seconds }) {
  await stall('block, right after the start', 0);
  await stall('block, after a warm-up', WARM_UP_MS);
  await watched(seconds);
}

if (isMainThread) await main(params({ seconds: 2 }));
else work();
