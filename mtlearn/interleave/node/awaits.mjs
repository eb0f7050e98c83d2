// Each `await` of the learner's is a point where what is awaited may take long: what else there is to do in this thread
// goes on meanwhile. By default it takes as long as it does; that order is Node's own, and nothing here changes it.
import { isPromise } from 'node:util/types';
import { mayTakeLong, putOff } from './events.mjs';
import { active, detailed } from './scheduler.mjs';
import { where } from './steps.mjs';

const { then } = Promise.prototype;
let begun = false; // the thread function runs
const open = new Set(); // where this thread awaits, in the order in which it began to; only in detail

/** Forget the last schedule. */
export function beginAwaits() {
  open.clear();
  begun = true;
}

/** Modules are loaded: what they await is nobody's turn. */
export function pauseAwaits() {
  begun = false;
}

/** Where what has been awaited longest is awaited, as [file, line]: an inner await begins before an outer one. */
export const openAwait = () => [...open][0] ?? null;

/** What a rewritten `await value` awaits. */
export function wait(value) {
  if (!active() || !begun) return value;
  const at = detailed() ? where() : null;
  const awaited = mayTakeLong() ? held(value) : value;
  if (at && isPromise(awaited)) {
    open.add(at);
    const ended = () => open.delete(at);
    Reflect.apply(then, awaited, [ended, ended]);
  }
  return awaited;
}

/** A promise of the same, which settles in a turn of its own. */
function held(value) {
  return new Promise((resolve, reject) => {
    const later = (settle) => (given) => putOff('await', () => settle(given), { note: 'took long' });
    Reflect.apply(then, Promise.resolve(value), [later(resolve), later(reject)]);
  });
}
