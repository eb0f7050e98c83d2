// The scheduler. It has no thread of its own: whoever holds the baton runs it, at a gate, and wakes another
// thread only when that one is to go on. All state of a schedule lies in the control block (control.mjs); what
// a thread remembers about its own loop lies in this module, which every worker loads for itself.
import * as c from './control.mjs';
import { Loop, MAX_PERIOD } from './loop.mjs';

const { load, store, add, exchange, compareExchange, wait, notify } = Atomics; // before the learner's Atomics replace them
const { stringify } = JSON;
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());

const RUN_LIMIT = 500; // steps of one thread while others wait: then they get a turn
export const FEWEST_LOOKS = 50;
export const MOST_LOOKS = 8_000;
const SPIN_LIMIT = 10_000; // turns for spinning threads before it is a livelock

/** What a gate throws while a schedule is being given up. */
export class Abort extends Error {
  constructor() {
    super('this schedule has ended');
  }
}

let C, prefix, decisions, rows, text;
let me = -1;
let base = 0;
let patience = 200; // looks at the latch before sleeping
let ran = 0; // steps since this thread got the baton
let seen = 0; // CHANGES as this thread saw it last
const loop = new Loop(); // how this thread goes round, if it does

export function attach(blocks, thread) {
  C = new Int32Array(blocks.control);
  prefix = new Uint8Array(blocks.prefix);
  decisions = new Int32Array(blocks.decisions);
  rows = new Int32Array(blocks.rows);
  text = new Uint8Array(blocks.text);
  me = thread;
  base = c.at(thread);
}

export const active = () => C[c.ACTIVE] === 1;
export const aborting = () => C[c.ABORT] === 1;
export const stepwise = () => C[c.STEPWISE] === 1;
export const detailed = () => C[c.DETAIL] === 1 && (C[c.SPINS] === 0 || stepwise()); // a loop was told by then
export const freshModules = () => C[c.FRESH_MODULES];
export const program = () => C[c.PROGRAM];

/** Forget the last schedule; called by a worker before its thread function. */
export function beginThread() {
  ran = 0;
  seen = -1;
  loop.forget();
}

/** Say something about this schedule to the host; whether there was room for it. Only the holder of the baton may. */
export function tell(value) {
  const bytes = encode(`${stringify(value)}\n`);
  const start = C[c.TEXT_LENGTH];
  if (start + bytes.length > text.length) return false;
  text.set(bytes, start);
  C[c.TEXT_LENGTH] = start + bytes.length;
  return true;
}

/** End the schedule. */
export function stop(ending) {
  if (C[c.DONE]) return;
  C[c.ENDING] = ending;
  store(C, c.DONE, 1);
  notify(C, c.DONE);
}

// The latch of a thread: 0 closed, 1 open, 2 closed and its thread sleeps.
export function wakeThread(thread) {
  C[c.CURRENT] = thread;
  const latch = c.at(thread) + c.GO;
  if (exchange(C, latch, 1) === 2) notify(C, latch);
}

/**
 * Wait until it is this thread's turn. The baton often comes back within microseconds, while to sleep and be woken
 * takes some 20: so look for a while first, longer where that has helped and hardly where it has not.
 */
export function awaitTurn() {
  const latch = base + c.GO;
  let looks = patience;
  while (load(C, latch) === 0 && looks > 0) looks--;
  if (looks > 0) patience = Math.min(patience * 2, MOST_LOOKS);
  else {
    patience = Math.max(patience >> 1, FEWEST_LOOKS);
    while (compareExchange(C, latch, 0, 2) !== 1) wait(C, latch, 2);
  }
  store(C, latch, 0);
  ran = 0;
}

function park() {
  awaitTurn();
  if (C[c.ABORT]) throw new Abort();
}

/** Stand before an operation on something shared: here another thread may go first. */
export function gate() {
  if (!C[c.ACTIVE]) return;
  if (C[c.ABORT]) throw new Abort();
  if (++C[c.STEPS] > c.STEP_LIMIT) giveUp(c.TOO_LONG);
  ran++;
  const begins = C[base + c.FRESH];
  C[base + c.FRESH] = 0;
  if (begins && !C[c.STEPWISE]) return;
  const next = begins ? choose() : (loop.spinning && C[base + c.LEFT] <= 0) || ran > RUN_LIMIT ? giveWay() : goOn();
  if (next === me) return;
  if (next >= 0) wakeThread(next);
  park();
}

/** Go to sleep, with the state set by the caller; returns when another thread or a time-out has woken this one. */
export function sleep() {
  const next = choose();
  if (next !== me) {
    if (next >= 0) wakeThread(next);
    park();
  }
}

/** The thread function has returned. */
export function finish() {
  C[base + c.STATE] = c.IDLE;
  const next = choose();
  if (next >= 0) wakeThread(next);
}

/** The thread function has thrown: that ends the schedule. */
export function fail() {
  C[base + c.STATE] = c.IDLE;
  stop(c.EXCEPTION);
}

/** Come home after an aborted schedule. */
export function home() {
  C[base + c.STATE] = c.IDLE;
  add(C, c.IDLE_COUNT, 1);
  notify(C, c.IDLE_COUNT);
}

export function giveUp(ending) {
  stop(ending);
  park();
}

// ------------------------------------------------------------------------------------------------ who goes next

/** One bit for each thread in that state: could go on, could time out, spins, sleeps; and was not let go on yet. */
function census() {
  let ready = 0;
  let dozing = 0;
  let parked = 0;
  let asleep = 0;
  let fresh = 0;
  for (let t = 0; t < C[c.THREADS]; t++) {
    const b = c.at(t);
    const state = C[b + c.STATE];
    if (state === c.READY) {
      if (C[b + c.FRESH]) fresh |= 1 << t;
      if (C[b + c.PARKED]) parked |= 1 << t;
      else ready |= 1 << t;
    } else if (state === c.DOZING) dozing |= 1 << t;
    else if (state === c.ASLEEP) asleep |= 1 << t;
  }
  return { ready, dozing, parked, asleep, fresh };
}

const lowest = (mask) => 31 - Math.clz32(mask & -mask);

/**
 * Choose one of `enabled`; it is a decision where there is more than one. Others than `current` (-1: none) cost a
 * preemption; where `forced`, `current` costs one and the others do not.
 */
function decide(enabled, fallback, current, forced = false) {
  if ((enabled & (enabled - 1)) === 0 && !C[c.STEPWISE]) return lowest(enabled);
  const n = C[c.DECISIONS];
  let chosen = fallback;
  if (n < C[c.PREFIX_LENGTH]) {
    chosen = prefix[n];
    if (!((enabled >> chosen) & 1)) {
      stop(c.DIVERGED);
      return -1;
    }
  } else if (C[c.PAUSE]) {
    C[c.ENABLED] = enabled;
    stop(c.PAUSED);
    return -1;
  } else if (C[c.SEEDED]) chosen = randomOf(enabled);
  decisions[n] = chosen | ((current < 0 ? 15 : current) << 4) | (enabled << 8) | (forced ? 1 << 30 : 0);
  C[c.DECISIONS] = n + 1;
  return chosen;
}

/** A random number below `count` from the generator whose state is that word (xorshift). */
function random(word, count) {
  let x = C[word];
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  C[word] = x;
  return (x >>> 0) % count;
}

function randomOf(mask) {
  let count = 0;
  for (let m = mask; m; m &= m - 1) count++;
  for (let skip = random(c.RANDOM, count); skip > 0; skip--) mask &= mask - 1;
  return lowest(mask);
}

/** A sleeper that is chosen before anybody wakes it times out. */
function take(thread) {
  if (thread >= 0 && C[c.at(thread) + c.STATE] === c.DOZING) C[c.at(thread) + c.STATE] = c.READY;
  return thread;
}

/** The running thread could go on: whoever else goes first costs a preemption, a time-out included. */
function goOn() {
  const { ready, dozing } = census();
  return take(decide(ready | dozing, me, me));
}

/** The running thread has had many turns or goes round in a loop: to go to others is free, to stay costs. */
function giveWay() {
  const { ready, dozing } = census();
  const mine = 1 << me;
  const others = (ready & ~mine) || dozing;
  ran = 0;
  if (others) {
    const chosen = decide(mine | others, lowest(others), me, true);
    if (chosen === me) loop.forget();
    else if (loop.spinning) parkLoop();
    return take(chosen);
  }
  if (!loop.spinning) return me;
  parkLoop();
  return choose();
}

/** Let others go first until one of the places changes that this thread's loop looks at. */
function parkLoop() {
  C[base + c.PLACES] = loop.lookedAt(C, base + c.FIRST_PLACE);
  C[base + c.PARKED] = 1;
}

/** Nobody goes on by itself: choose freely among those who can. Called by a host too, to start a schedule. */
export function choose() {
  const { ready, dozing, parked, asleep, fresh } = census();
  if (fresh && C[c.STEPWISE]) return lowest(fresh); // up to its first step it does nothing that others could see
  if (ready) {
    if (dozing) {
      // A time-out before anybody else moves is possible, but it costs: else a loop of time-outs would be free.
      const first = lowest(ready);
      const chosen = decide(dozing | (1 << first), first, first);
      if (chosen !== first) return take(chosen);
    }
    return decide(ready, lowest(ready), -1);
  }
  if (dozing) {
    const first = earliest(dozing);
    return take(decide(dozing, first, first));
  }
  if (parked) return release(parked);
  stop(asleep ? c.DEADLOCK : c.FINISHED);
  return -1;
}

function earliest(mask) {
  let best = lowest(mask);
  for (let t = 0; t < C[c.THREADS]; t++)
    if ((mask >> t) & 1 && C[c.at(t) + c.TICKET] < C[c.at(best) + c.TICKET]) best = t;
  return best;
}

/** Only spinning threads are left. A bounded poll must pass, so they get turns, each time more, before it is a livelock. */
function release(parked) {
  let chosen = lowest(parked);
  for (let t = 0; t < C[c.THREADS]; t++)
    if ((parked >> t) & 1 && C[c.at(t) + c.TURNS] < C[c.at(chosen) + c.TURNS]) chosen = t;
  const b = c.at(chosen);
  const turns = Math.min(++C[b + c.TURNS], 8);
  C[b + c.LEFT] = 4 << turns;
  C[c.SPINS] += C[b + c.LEFT];
  if (C[c.SPINS] > SPIN_LIMIT) {
    stop(c.LIVELOCK);
    return -1;
  }
  C[b + c.PARKED] = 0;
  return chosen;
}

// ------------------------------------------------------------------------------------------ what a thread did

const float = new Float64Array(1);
const floatBits = new Int32Array(float.buffer);

/** Turn a value into a whole number of 32 bits, equal for equal values. */
function digest(value) {
  if (typeof value === 'bigint') return Number(BigInt.asIntN(32, value ^ (value >> 32n)));
  if ((value | 0) === value) return value;
  float[0] = value;
  return floatBits[0] ^ floatBits[1];
}

/** Log one access to `length` bytes, and see whether this thread goes round in a loop. Gives its row in the log. */
export function record(operation, kind, buffer, offset, length, value, changed) {
  if (!C[c.ACTIVE]) return -1;
  const hash = digest(value);
  const number = C[c.ROWS]++;
  const row = number * c.ROW;
  rows[row] = c.pack(me, operation, kind, length);
  rows[row + 1] = buffer;
  rows[row + 2] = offset;
  rows[row + 3] = hash;
  if (C[c.CHANGES] !== seen) loop.forget();
  if (changed) {
    C[c.CHANGES]++;
    unpark(buffer, offset, length);
  }
  seen = C[c.CHANGES];
  if (C[base + c.LEFT] > 0) C[base + c.LEFT]--;
  const loops = loop.add(operation, buffer, offset, hash, changed);
  // A loop that also writes (take a lock, fail to get the next, give the first back) must not be interrupted at
  // the same point for ever: two such loops would keep each other out, which no real machine does.
  if (loops && !loop.spinning && loop.changes) C[base + c.LEFT] += random(c.JITTER, 2 * MAX_PERIOD);
  if (!loops && C[base + c.TURNS]) {
    // It was released from spinning and has left its loop: that is progress.
    C[base + c.TURNS] = C[base + c.LEFT] = 0;
    C[c.SPINS] = 0;
  }
  loop.spinning = loops;
  return number;
}

/** A value has changed: threads that spin on it may look again. */
function unpark(buffer, offset, length) {
  for (let t = 0; t < C[c.THREADS]; t++) {
    const b = c.at(t);
    if (!C[b + c.PARKED]) continue;
    for (let i = 0; i < C[b + c.PLACES]; i++) {
      const where = C[b + c.FIRST_PLACE + 2 * i + 1];
      if (C[b + c.FIRST_PLACE + 2 * i] === buffer && where < offset + length && offset < where + 8) {
        C[b + c.PARKED] = 0;
        C[b + c.LEFT] = 0;
        break;
      }
    }
  }
}

/** Atomics.wait found the value it expected: sleep. Gives the thread that woke this one, or null for a time-out. */
export function sleepOn(buffer, offset, timed) {
  C[base + c.STATE] = timed ? c.DOZING : c.ASLEEP;
  C[base + c.TICKET] = ++C[c.TICKETS];
  C[base + c.WAIT_BUFFER] = buffer;
  C[base + c.WAIT_OFFSET] = offset;
  C[base + c.WAKER] = -1;
  sleep();
  const waker = C[base + c.WAKER];
  return waker < 0 ? null : waker;
}

/** Wake up to `count` sleepers at this place, first in, first out. Gives their indices. */
export function wakeSleepers(buffer, offset, count) {
  const woken = [];
  while (woken.length < count) {
    let first = 0;
    for (let t = 0; t < C[c.THREADS]; t++) {
      const b = c.at(t);
      const sleeps = C[b + c.STATE] === c.ASLEEP || C[b + c.STATE] === c.DOZING;
      if (sleeps && C[b + c.WAIT_BUFFER] === buffer && C[b + c.WAIT_OFFSET] === offset)
        if (!first || C[b + c.TICKET] < C[first + c.TICKET]) first = b;
    }
    if (!first) break;
    C[first + c.STATE] = c.READY;
    C[first + c.FRESH] = C[c.STEPWISE] ? 0 : 1;
    C[first + c.WAKER] = me;
    woken.push((first - c.at(0)) / (c.at(1) - c.at(0)));
  }
  return woken;
}
