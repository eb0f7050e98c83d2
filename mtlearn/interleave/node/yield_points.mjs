// Yield points: in a worker that runs learner code, every access to a SharedArrayBuffer is one.
// The globals of the worker's own realm are replaced before the learner's module is loaded: typed arrays
// (views.mjs), and here DataView and Atomics, with Atomics.wait and notify modelled.
import { ATOMIC, READS, SLEEPS, WRITES } from './control.mjs';
import { callOff, putOff } from './events.mjs';
import { refuse } from './refusal.mjs';
import { active } from './block.mjs';
import { sleepOn, stopWaiting, waitLater, wakeSleepers } from './sleepers.mjs';
import { aboutTo, done, stand } from './steps.mjs';
import { define } from './define.mjs';
import { bufferId, isShared, kindName, location, plainKind, thread } from './elements.mjs';
import { installNatives } from './natives.mjs';
import { installViews } from './views.mjs';

const real = { Atomics: { ...pick(Atomics) }, SharedArrayBuffer, isView: ArrayBuffer.isView };

function pick(object) {
  return Object.fromEntries(Object.getOwnPropertyNames(object).map((name) => [name, object[name]]));
}

function patchDataView() {
  for (const name of Object.getOwnPropertyNames(DataView.prototype)) {
    const match = /^(get|set)\D+(\d+)$/.exec(name);
    if (!match) continue;
    const original = DataView.prototype[name];
    const size = Number(match[2]) / 8;
    const getter = DataView.prototype[`get${name.slice(3)}`];
    define(DataView.prototype, name, function (offset, ...rest) {
      const shared = real.isView(this) && this.buffer instanceof real.SharedArrayBuffer && active();
      const at = Math.trunc(Number(offset)) || 0;
      if (!shared || at < 0 || at + size > this.byteLength) return original.call(this, offset, ...rest);
      const where = [bufferId(this.buffer), this.byteOffset + at, size];
      stand(thread, match[1] === 'get' ? 'read' : 'write', where, rest[0]);
      if (match[1] === 'get') {
        const value = original.call(this, offset, ...rest);
        done(thread, 'read', READS, where, value);
        return value;
      }
      const before = getter.call(this, at, rest[1]);
      original.call(this, offset, ...rest);
      const after = getter.call(this, at, rest[1]);
      done(thread, 'write', WRITES, where, after, { changed: before !== after });
      return undefined;
    });
  }
}

/** The element an atomic operation touches, or null where the real operation should raise its own error. */
function elementAt(array, index) {
  if (!isShared(array) || !active()) return null;
  const at = Math.trunc(Number(index)) || 0;
  return at >= 0 && at < array.length ? [array, at] : null;
}

function atomic(name, kind) {
  const original = real.Atomics[name];
  return function (array, index, ...rest) {
    const found = elementAt(array, index);
    if (!found) return original(array, index, ...rest);
    const [view, at] = found;
    if (/Float|Clamped/.test(kindName(view))) return original(view, index, ...rest); // raises its own error
    const where = location(view, at);
    stand(thread, name, where, name === 'compareExchange' ? rest.join(' → ') : rest[0]);
    const before = real.Atomics.load(view, at);
    const result = original(view, at, ...rest);
    const after = real.Atomics.load(view, at);
    const failed = name === 'compareExchange' && before !== cast(view, rest[0]);
    done(thread, name, failed ? READS | ATOMIC : kind | ATOMIC, where, kind & WRITES ? after : result, {
      changed: before !== after,
      told: kind === (READS | WRITES) && !failed ? `${before} → ${after}` : after,
      note: failed ? { fails: String(rest[0]) } : null,
    });
    return result;
  };
}

/** The value as an element of this view would hold it. */
function cast(view, value) {
  const one = new (plainKind(view))(1);
  one[0] = value;
  return one[0];
}

function atomicWait(array, index, value, timeout) {
  const found = elementAt(array, index);
  const name = found ? kindName(found[0]) : '';
  if (!found || (name !== 'Int32Array' && name !== 'BigInt64Array'))
    return real.Atomics.wait(array, index, value, active() ? 0 : timeout);
  const [view, at] = found;
  const expected = cast(view, value);
  const limit = Number.isNaN(Number(timeout)) ? Infinity : Number(timeout);
  const where = location(view, at);
  stand(thread, 'wait', where, expected);
  const now = real.Atomics.load(view, at);
  const log = (operation, note, kind = 0) => done(thread, operation, READS | ATOMIC | kind, where, now, { note });
  if (now !== expected) {
    log('wait', `does not sleep: it is not ${value}`);
    return 'not-equal';
  }
  if (limit <= 0) {
    log('wait', 'times out at once');
    return 'timed-out';
  }
  log('wait', limit === Infinity ? 'sleeps' : `sleeps, for ${limit} ms at most`, SLEEPS);
  aboutTo(thread, 'wake', where);
  const waker = sleepOn(where[0], where[1], limit);
  done(thread, 'wake', READS | ATOMIC, where, waker === null ? -1 : -2, {
    told: null,
    note: waker === null ? { timesOut: true } : { wokenBy: waker },
  });
  return waker === null ? 'timed-out' : 'ok';
}

function atomicWaitAsync(array, index, value, timeout) {
  const found = elementAt(array, index);
  const name = found ? kindName(found[0]) : '';
  if (!found || (name !== 'Int32Array' && name !== 'BigInt64Array'))
    return real.Atomics.waitAsync(array, index, value, 0);
  const [view, at] = found;
  const expected = cast(view, value);
  const limit = Number.isNaN(Number(timeout)) ? Infinity : Number(timeout);
  const where = location(view, at);
  stand(thread, 'wait', where, expected);
  const now = real.Atomics.load(view, at);
  const log = (operation, note, told = now) => done(thread, operation, READS | ATOMIC, where, now, { note, told });
  if (now !== expected) {
    log('wait', `does not wait: it is not ${value}`);
    return { async: false, value: 'not-equal' };
  }
  if (limit <= 0) {
    log('wait', 'times out at once');
    return { async: false, value: 'timed-out' };
  }
  log('wait', limit === Infinity ? 'waits' : `waits, for ${limit} ms at most`);
  const promise = new Promise((resolve) => {
    const waiter = waitLater(where[0], where[1], (waker) => {
      if (timer) callOff(timer);
      log('wake', { wokenBy: waker }, null);
      resolve('ok');
    });
    if (waiter === null) refuse('it waits by Atomics.waitAsync in more places at once than can be kept');
    const giveUp = () => {
      stopWaiting(waiter);
      log('wake', 'times out', null);
      resolve('timed-out');
    };
    const timer = limit === Infinity ? null : putOff('timer', giveUp, { ms: limit, note: `after ${limit} ms` });
  });
  return { async: true, value: promise };
}

function atomicNotify(array, index, count = Infinity) {
  const found = elementAt(array, index);
  if (!found) return real.Atomics.notify(array, index, count);
  const [view, at] = found;
  const limit = count === Infinity ? Infinity : Math.max(Math.trunc(Number(count)) || 0, 0);
  const where = location(view, at);
  stand(thread, 'notify', where);
  const woken = wakeSleepers(where[0], where[1], limit);
  done(thread, 'notify', READS | WRITES | ATOMIC, where, woken.length, {
    told: woken.length,
    note: { wakes: woken },
  });
  return woken.length;
}

function patchAtomics() {
  for (const name of ['add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange'])
    define(Atomics, name, atomic(name, READS | WRITES));
  define(Atomics, 'load', atomic('load', READS));
  define(Atomics, 'store', atomic('store', WRITES));
  define(Atomics, 'wait', atomicWait);
  define(Atomics, 'notify', atomicNotify);
  if (Atomics.waitAsync) define(Atomics, 'waitAsync', atomicWaitAsync);
}

/** Replace what reaches shared memory in this worker's realm. */
export function installYieldPoints() {
  installViews();
  installNatives();
  patchDataView();
  patchAtomics();
}
