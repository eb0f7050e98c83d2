// Each `await` of the learner's is a point where what is awaited may take long: what else there is to do in this thread
// goes on meanwhile. By default it takes as long as it does; that order is Node's own, and nothing here changes it.
import { isPromise } from 'node:util/types';
import { mayTakeLong, putOff } from './events.mjs';
import { active, detailed, stepwise } from './block.mjs';
import { where } from './steps.mjs';
import { awaiting } from './strands.mjs';

const { then } = Promise.prototype;
export let begun = false; // the thread function runs
const open = new Set(); // what this thread awaits, in the order in which it began to; only in detail, or by hand

/** Forget the last schedule. */
export function beginAwaits() {
  open.clear();
  begun = true;
}

/** Modules are loaded: what they await is nobody's turn. */
export function pauseAwaits() {
  begun = false;
}

/** What is awaited, longest first: `at` is [file, line]. An inner await begins before an outer one. */
export const openAwaits = () => [...open];

/** What a rewritten `await value` awaits. */
export function wait(value) {
  if (!active() || !begun) return value;
  const told = detailed() || stepwise() ? { at: detailed() ? where() : null, strand: awaiting() } : null;
  const awaited = mayTakeLong() ? held(value, told) : value;
  if (told && isPromise(awaited)) {
    open.add(told);
    const ended = () => open.delete(told);
    Reflect.apply(then, awaited, [ended, ended]);
  }
  return awaited;
}

/** A promise of the same, which settles in a turn of its own. */
function held(value, told) {
  const options = { note: stepwise() ? 'goes on' : 'took long', where: told?.at, owner: told?.strand };
  return new Promise((resolve, reject) => {
    const later = (settle) => (given) => putOff('await', () => settle(given), options);
    Reflect.apply(then, Promise.resolve(value), [later(resolve), later(reject)]);
  });
}
