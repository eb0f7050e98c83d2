// Who sleeps on shared memory, and who wakes whom: Atomics.wait, waitAsync and notify, first in, first out.
import * as c from './control.mjs';
import { base, C, me } from './block.mjs';
import { sleep } from './scheduler.mjs';

const LONGEST_MS = 2 ** 30; // some twelve days

/** Sleep until somebody wakes this thread, or `ms` have passed; both may be never. Gives whether somebody did. */
export function sleepFor(ms) {
  if (ms !== Infinity) C[c.UNTOLD] = 1;
  C[base + c.WAKER] = -1;
  C[base + c.STATE] = ms === Infinity ? c.ASLEEP : c.DOZING;
  C[base + c.DUE] = C[c.NOW] + Math.ceil(Math.min(ms, LONGEST_MS));
  C[base + c.PATIENT] = ms < c.LONG_MS ? 0 : 1;
  C[base + c.TICKET] = ++C[c.TICKETS];
  sleep();
  return C[base + c.WAKER] >= 0;
}

/** Atomics.wait found the value it expected: sleep. Gives the thread that woke this one, or null for a time-out. */
export function sleepOn(buffer, offset, ms) {
  C[base + c.WAIT_BUFFER] = buffer;
  C[base + c.WAIT_OFFSET] = offset;
  sleepFor(ms);
  C[base + c.WAIT_BUFFER] = -1;
  const waker = C[base + c.WAKER];
  return waker < 0 ? null : waker;
}

const mine = new Map(); // waiter of this thread → what to call when it is woken

/** Forget who waited in the last schedule. */
export const forgetWaiters = () => mine.clear();

/** Does this thread wait for somebody to notify it? */
export const awaitsNotify = () => mine.size > 0;

/** Wait without sleeping: `resume` is called with the thread that woke. Gives the waiter, null where there is no room. */
export function waitLater(buffer, offset, resume) {
  for (let waiter = 0; waiter < c.MAX_WAITERS; waiter++) {
    const w = c.waiterAt(waiter);
    if (C[w + c.OWNER]) continue;
    C[c.UNTOLD] = 1;
    C[w + c.OWNER] = me + 1;
    C[w + c.WAITER_BUFFER] = buffer;
    C[w + c.WAITER_OFFSET] = offset;
    C[w + c.WAITER_TICKET] = ++C[c.TICKETS];
    C[w + c.WOKEN_BY] = 0;
    C[c.WAITING]++;
    mine.set(waiter, resume);
    return waiter;
  }
  return null;
}

/** Wait no longer. Gives false where it was woken by then. */
export function stopWaiting(waiter) {
  if (!mine.delete(waiter)) return false;
  const w = c.waiterAt(waiter);
  C[w + c.OWNER] = 0;
  C[c.WAITING]--;
  return C[w + c.WOKEN_BY] === 0;
}

/** Give what is to be called of those that were woken, in the order in which they began to wait. */
export function takeWoken() {
  const woken = [...mine].filter(([waiter]) => C[c.waiterAt(waiter) + c.WOKEN_BY]);
  woken.sort(([one], [other]) => C[c.waiterAt(one) + c.WAITER_TICKET] - C[c.waiterAt(other) + c.WAITER_TICKET]);
  return woken.map(([waiter, resume]) => {
    const waker = C[c.waiterAt(waiter) + c.WOKEN_BY] - 1;
    stopWaiting(waiter);
    return () => resume(waker);
  });
}

const isAsleep = (b) => C[b + c.STATE] === c.ASLEEP || C[b + c.STATE] === c.DOZING;

/** The thread that has slept longest at this location, as [where its words begin, its ticket]; null where none does. */
function firstThread(buffer, offset) {
  let first = null;
  for (let t = 0; t < C[c.THREADS]; t++) {
    const b = c.at(t);
    if (!isAsleep(b) || C[b + c.WAIT_BUFFER] !== buffer || C[b + c.WAIT_OFFSET] !== offset) continue;
    if (!first || C[b + c.TICKET] < first[1]) first = [b, C[b + c.TICKET]];
  }
  return first;
}

/** The same of those who wait without sleeping. */
function firstWaiter(buffer, offset) {
  let first = null;
  for (let i = 0; i < c.MAX_WAITERS; i++) {
    const w = c.waiterAt(i);
    if (!C[w + c.OWNER] || C[w + c.WOKEN_BY]) continue;
    if (C[w + c.WAITER_BUFFER] !== buffer || C[w + c.WAITER_OFFSET] !== offset) continue;
    if (!first || C[w + c.WAITER_TICKET] < first[1]) first = [w, C[w + c.WAITER_TICKET]];
  }
  return first;
}

function rouse(b) {
  C[b + c.STATE] = c.READY;
  C[b + c.FRESH] = C[c.STEPWISE] ? 0 : 1;
  C[b + c.WAKER] = me;
}

/** Wake up to `count` of those who wait at this location, first in, first out. Gives the indices of their threads. */
export function wakeSleepers(buffer, offset, count) {
  const woken = [];
  while (woken.length < count) {
    const sleeper = firstThread(buffer, offset);
    const waiter = C[c.WAITING] ? firstWaiter(buffer, offset) : null;
    if (!sleeper && !waiter) break;
    if (sleeper && !(waiter && waiter[1] < sleeper[1])) {
      rouse(sleeper[0]);
      woken.push((sleeper[0] - c.at(0)) / (c.at(1) - c.at(0)));
    } else {
      const thread = C[waiter[0] + c.OWNER] - 1;
      C[waiter[0] + c.WOKEN_BY] = me + 1;
      if (isAsleep(c.at(thread)) && C[c.at(thread) + c.WAIT_BUFFER] < 0) rouse(c.at(thread)); // its loop waits
      woken.push(thread);
    }
  }
  return woken;
}
