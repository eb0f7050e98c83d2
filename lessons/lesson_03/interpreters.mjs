// An async function, a vm context, a Worker, a process: whose are the global variables, and do two of them calculate
// at the same time?
//
//     node lessons/lesson_03/interpreters.mjs
//
// One of them sets a global variable, and the main thread looks at its own. Then one calculates, and then two do, each
// as much as the one: with a core each, two take no longer. Each is measured three times; the shortest time counts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const ROUNDS = 3;

// region one job for all kinds of workers
function setName() {
  globalThis.name = 'set by the worker'; // <-
}

function calculate(times) {
  let total = 0;
  for (let i = 0; i < times; i++) total += (i * i) % 7;
  return total;
}
// endregion

/** What a worker or a process answers: to a number of times, when it has calculated; else, who it is. */
function answer(times) {
  if (times) return calculate(times);
  setName();
  return { process: process.pid, thread: threadId };
}

/** Each kind gives one that can be asked, as `answer` is, and ended. */
const kinds = {
  'async function': async () => ({ ask: async (times) => answer(times), end() {} }),
  'vm context': async () => {
    const context = vm.createContext({ process, threadId });
    vm.runInContext(`${setName}${calculate}${answer}`, context);
    return { ask: async (times) => vm.runInContext(`answer(${times})`, context), end() {} };
  },
  'Worker': async () => {
    const worker = new Worker(new URL(import.meta.url));
    const ask = async (times) => (worker.postMessage(times), (await once(worker, 'message'))[0]);
    return { ask, end: () => worker.terminate() };
  },
  'child process': async () => {
    const child = fork(fileURLToPath(import.meta.url), ['child']);
    const ask = async (times) => (child.send(times), (await once(child, 'message'))[0]);
    return { ask, end: () => child.kill() };
  },
};

/** How long they take, each for as many times, in µs. */
async function fastest(team, times) {
  const took = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = now();
    await Promise.all(team.map(({ ask }) => ask(times)));
    took.push(now() - start);
  }
  return Math.min(...took);
}

async function measure(variant, make, seconds) {
  globalThis.name = 'set by the main thread';
  const start = now();
  const one = await make();
  const { process: pid, thread } = await one.ask(0);
  const started = now() - start;
  span(`start: ${variant}`, pid === process.pid ? thread : pid, start, now(), pid, 'starting');
  const seen = globalThis.name;
  const two = await make();
  let times = 1000, tried;
  await fastest([one, two], times);
  while ((tried = await fastest([one], times)) < (seconds * 1e6) / 4) times *= 2;
  times = Math.round((times * seconds * 1e6) / tried);
  const alone = await fastest([one], times), together = await fastest([one, two], times);
  await Promise.all([one.end(), two.end()]);
  row({
    variant, threads: [pid === process.pid ? thread : pid], process: pid === process.pid ? 'the same' : 'its own',
    globals: seen === 'set by the worker' ? 'the same' : 'its own', start_ns: Math.round(started * 1000),
    alone_ns: Math.round(alone * 1000), together_ns: Math.round(together * 1000), longer: +(together / alone).toFixed(2),
  });
}

async function main({ seconds }) {
  for (const [variant, make] of Object.entries(kinds)) await measure(variant, make, seconds);
}

if (process.argv[2] === 'child') process.on('message', (times) => process.send(answer(times)));
else if (isMainThread) await main(params({ seconds: 0.15 }));
else parentPort.on('message', (times) => parentPort.postMessage(answer(times)));
