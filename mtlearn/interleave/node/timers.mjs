// Node's timers on the clock of the scheduler: setTimeout and its kin, node:timers, node:timers/promises.
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { define } from './define.mjs';
import { callOff, isWaiting, putOff, restart } from './events.mjs';

const require = createRequire(import.meta.url);
const LONGEST_MS = 2 ** 31 - 1;

const known = new Map(); // number of a timer → the timer, as clearTimeout(number) takes it
let numbers = 0;

/** What setTimeout, setInterval and setImmediate give back. */
class Timer {
  static name = 'Timeout'; // as Node calls it

  constructor(kind, act, ms = 0) {
    this.id = ++numbers;
    known.set(this.id, this);
    this.item = putOff(kind, act, { ms, note: notes[kind](ms), queue: kind === 'immediate' ? 'immediates' : null });
  }

  ref() {
    this.item.refs = true;
    return this;
  }

  unref() {
    this.item.refs = false;
    return this;
  }

  hasRef() {
    return this.item.refs;
  }

  refresh() {
    if (isWaiting(this.item) || this.item.kind !== 'immediate') restart(this.item);
    return this;
  }

  close() {
    clear(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.id;
  }

  [Symbol.dispose ?? Symbol.for('nodejs.dispose')]() {
    clear(this);
  }
}

const notes = {
  timer: (ms) => `after ${ms} ms`,
  interval: (ms) => `every ${ms} ms`,
  immediate: () => null,
};

const atLeastOne = (ms) => {
  const given = Number(ms);
  return given >= 1 && given <= LONGEST_MS ? Math.trunc(given) : 1;
};

function checked(callback) {
  if (typeof callback === 'function') return callback;
  const error = new TypeError('The "callback" argument must be of type function.');
  throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
}

function clear(timer) {
  const found = timer instanceof Timer ? timer : known.get(Number(timer));
  if (!found) return;
  known.delete(found.id);
  callOff(found.item);
}

function setTimeout(callback, ms, ...args) {
  checked(callback);
  const timer = new Timer('timer', () => Reflect.apply(callback, timer, args), atLeastOne(ms));
  return timer;
}

function setInterval(callback, ms, ...args) {
  checked(callback);
  const timer = new Timer('interval', () => Reflect.apply(callback, timer, args), atLeastOne(ms));
  return timer;
}

function setImmediate(callback, ...args) {
  checked(callback);
  const timer = new Timer('immediate', () => Reflect.apply(callback, timer, args));
  return timer;
}

function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** A promise of that timer; a signal calls it off. */
function promised(start, value, { signal, ref = true } = {}) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(abortError(signal));
      return;
    }
    const stop = () => {
      clear(timer);
      reject(abortError(signal));
    };
    const timer = start(() => {
      signal?.removeEventListener('abort', stop);
      resolve(value);
    });
    if (!ref) timer.unref();
    signal?.addEventListener('abort', stop, { once: true });
  });
}

const promises = {
  setTimeout: (ms, value, options) => promised((act) => setTimeout(act, ms), value, options),
  setImmediate: (value, options) => promised(setImmediate, value, options),
  async *setInterval(ms, value, options) {
    for (;;) yield await promises.setTimeout(ms, value, options);
  },
};

/** Replace the timers of this realm. */
export function installTimers() {
  const modules = [globalThis, require('node:timers')];
  const functions = { setTimeout, setInterval, setImmediate, clearTimeout: clear, clearInterval: clear, clearImmediate: clear };
  for (const module of modules) for (const [name, work] of Object.entries(functions)) define(module, name, work);
  for (const name of ['setTimeout', 'setImmediate'])
    Object.defineProperty(functions[name], promisify.custom, { value: promises[name] });
  const ofPromises = require('node:timers/promises');
  Object.assign(ofPromises, promises);
  Object.assign(ofPromises.scheduler, {
    wait: (ms, options) => promises.setTimeout(ms, undefined, options),
    yield: () => promises.setImmediate(),
  });
  define(AbortSignal, 'timeout', (ms) => {
    const controller = new AbortController();
    const why = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    setTimeout(() => controller.abort(why), ms).unref();
    return controller.signal;
  });
}
