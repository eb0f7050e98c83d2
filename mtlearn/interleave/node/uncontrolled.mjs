// What a thread may do that the scheduler cannot order: say so instead of giving a verdict. And what differs
// from run to run though nothing is shared (clocks, random numbers): make it the same in every schedule.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';
import { UNCONTROLLED } from './control.mjs';
import { active, giveUp, tell } from './scheduler.mjs';
import { emptyInput } from './streams.mjs';

const require = createRequire(import.meta.url);
const nextImmediate = globalThis.setImmediate;

let before = null; // said while the modules were loaded, when no schedule runs
let later = false; // the thread function has left something for later: a promise, a microtask

/** End the schedule: it does what cannot be controlled. */
export function refuse(what) {
  if (!active()) {
    before ??= what;
    return;
  }
  tell({ uncontrolled: what });
  giveUp(UNCONTROLLED);
}

export const refusedAtLoad = () => before;

/** Has the thread function left something for later? */
export const needsTime = (value) => later || typeof value?.then === 'function';

/** Wait until everything is done that needs no event from outside: promises, microtasks, ticks. */
export async function settle(value) {
  const pending = {};
  const winner = await Promise.race([value, new Promise((go) => nextImmediate(go, pending))]);
  if (winner === pending) refuse('a thread waits for something that comes from outside it (a timer, a message, a file)');
  return winner;
}

const noteLater = (original) =>
  function (...args) {
    later = true;
    return Reflect.apply(original, this, args);
  };

let now = 0;
let seed = 1;

/** Start the clock and the random numbers of a thread anew. */
export function beginTime(thread) {
  later = false;
  now = 0;
  seed = thread + 1;
}

// Every look at the clock moves it by one millisecond, so that a loop that waits for a time limit ends.
const tick = () => ++now;
const EPOCH = 1_700_000_000_000;

function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

function forbid(module, names, text) {
  for (const name of names) {
    if (typeof module[name] !== 'function') continue;
    module[name] = function () {
      refuse(text(name));
      return undefined;
    };
  }
}

/** What is printed past the streams is not printed either: standard output belongs to the host. */
function swallow(fs, names) {
  for (const name of names) {
    const original = fs[name];
    fs[name] = function (file, data, ...rest) {
      if (file !== 1 && file !== 2) return Reflect.apply(original, this, [file, data, ...rest]);
      return name === 'writeSync' ? Buffer.byteLength(data) : undefined;
    };
  }
}

export function installLimits() {
  const timers = ['setTimeout', 'setInterval', 'setImmediate'];
  const threads = require('node:worker_threads');
  const ofTimer = (name) => `it uses ${name}, and timers cannot be put in an order`;
  const ofThread = (name) => `it uses ${name}, and threads or ports of its own cannot be put in an order`;
  forbid(globalThis, timers, ofTimer);
  forbid(require('node:timers'), timers, ofTimer);
  forbid(globalThis, ['MessageChannel', 'BroadcastChannel', 'Worker'], ofThread);
  forbid(threads, ['Worker', 'MessageChannel', 'BroadcastChannel', 'receiveMessageOnPort', 'postMessageToThread'], ofThread);
  forbid(require('node:child_process'), ['spawn', 'fork', 'exec', 'execFile'], ofThread);
  threads.workerData = null;
  threads.parentPort = new Proxy({}, { get: (_, name) => () => refuse(ofThread(`parentPort.${String(name)}`)) });
  forbid(Atomics, ['waitAsync'], () => 'it uses Atomics.waitAsync, whose promise comes from outside the thread');
  forbid(process, ['kill', 'abort'], (name) => `it uses process.${name}`);

  process.exit = (code) => {
    throw Object.assign(new Error(`process.exit(${code ?? ''}) ends this thread`), { name: 'Exit' });
  };
  for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
  swallow(require('node:fs'), ['writeSync', 'writeFileSync', 'appendFileSync']);
  emptyInput();
  syncBuiltinESMExports();
  Math.random = random;
  performance.now = tick;
  Date.now = () => EPOCH + tick();
  globalThis.queueMicrotask = noteLater(queueMicrotask);
  process.nextTick = noteLater(process.nextTick);
  v8.promiseHooks.onInit(() => {
    later = true;
  });
}
