// The scheduler. It has no thread of its own: whoever holds the baton runs it, at a yield point, and wakes another
// thread only when that one is to go on. All state of a schedule lies in the control block (control.mjs); what
// a thread remembers about its own loop lies in this module, which every worker loads for itself.
import { base, C, decisions, me, moves, prefix, stop } from './block.mjs';
import * as c from './control.mjs';
import { Loop } from './loop.mjs';

const { load, store, add, exchange, compareExchange, wait, notify } = Atomics; // before the learner's Atomics replace them

const RUN_LIMIT = 500; // steps of one thread while others wait: then they get a turn
export const FEWEST_LOOKS = 50;
export const MOST_LOOKS = 8_000;
const MOST_CHOICES = 12; // of one thread at once
const SPIN_LIMIT = 10_000; // turns for spinning threads before it is a livelock
const STAY_STEPS = 4_000; // steps of a loop that looks, and looks again, while nobody else goes on
const STAY_ROUNDS = 1_200; // and time-outs in a row

/** What a yield point throws while a schedule is being given up. */
export class Abort extends Error {
  constructor() {
    super('this schedule has ended');
  }
}

let patience = 200; // looks at the latch before sleeping
let ran = 0; // steps since this thread got the baton
export const loop = new Loop(); // how this thread goes round, if it does

/** Forget the last schedule; called by a worker before its thread function. */
export function beginThread() {
  ran = 0;
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
export function yieldPoint() {
  if (!C[c.ACTIVE]) return;
  if (C[c.ABORT]) throw new Abort();
  if (++C[c.STEPS] - C[c.STAYED] > c.STEP_LIMIT) giveUp(c.TOO_LONG);
  ran++;
  const begins = C[base + c.FRESH];
  C[base + c.FRESH] = 0;
  if (begins && !C[c.STEPWISE]) return;
  if (loop.spinning && staysOn()) return;
  const next = begins ? choose() : (loop.spinning && C[base + c.LEFT] <= 0) || ran > RUN_LIMIT ? giveWay() : goOn();
  if (next === me) return;
  C[base + c.STAY] = 0;
  if (next >= 0) wakeThread(next);
  park();
}

/** Stand where any of these strands may go on, by default the `first`. Gives the one that was chosen. */
export function standAmong(strands, first) {
  if (C[c.ABORT]) throw new Abort();
  if (++C[c.STEPS] > c.STEP_LIMIT) giveUp(c.TOO_LONG);
  C[base + c.FRESH] = 0;
  C[c.strandsOf(me)] = strands;
  C[c.chosenOf(me)] = first;
  sleep();
  return C[c.chosenOf(me)];
}

/** Go to sleep, with the state set by the caller; returns when another thread or a time-out has woken this one. */
export function sleep() {
  const next = C[base + c.STAY] > 0 && C[base + c.STATE] === c.DOZING ? stayOrChoose() : choose();
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

/**
 * One bit for each thread in that state: could go on, could time out, did so often enough, could time out when all
 * wait, spins, sleeps; and was not let go on yet.
 */
function census() {
  let ready = 0;
  let dozing = 0;
  let tired = 0;
  let patient = 0;
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
    } else if (state === c.DOZING) {
      if (C[b + c.PATIENT]) patient |= 1 << t;
      else if (hasStayed(b)) tired |= 1 << t;
      else dozing |= 1 << t;
    } else if (state === c.ASLEEP) asleep |= 1 << t;
  }
  return { ready, dozing, tired, patient, parked, asleep, fresh };
}

/** Has it gone on for as long as it may, and nothing has changed since? To do so again would show nothing new. */
const hasStayed = (b) => C[b + c.STAYED_AT] === C[c.CHANGES] + 1;

const lowest = (mask) => 31 - Math.clz32(mask & -mask);

/**
 * Choose one of `enabled`; it is a decision where there is more than one. Others than `current` (-1: none) cost a
 * preemption; where `forced`, `current` costs one and the others do not.
 */
function decide(enabled, fallback, current, forced = false) {
  if (C[c.STEPWISE]) return decideByHand(enabled, fallback, current, forced);
  if (forced) C[c.UNTOLD] = 1;
  const several = (enabled & (enabled - 1)) !== 0;
  const chosen = several ? decideAnyhow(enabled, fallback, current, forced) : onlyOne(enabled);
  if (chosen >= 0) noteMove(chosen, several, current >= 0 && chosen !== current);
  return chosen;
}

/** Nobody else can go on; a plan of moves that names another is none that this program can follow. */
function onlyOne(enabled) {
  const n = C[c.MOVES];
  if (!C[c.BY_MOVES] || n >= C[c.PREFIX_LENGTH] || (enabled >> prefix[n]) & 1) return lowest(enabled);
  stop(c.DIVERGED);
  return -1;
}

/** Note who moves from here on, and how far the log is by now (see footprints.mjs). */
function noteMove(thread, decided, preempts) {
  const n = C[c.MOVES]++;
  if (n < c.STEP_LIMIT) moves[n] = c.packMove(thread, decided, preempts, C[c.ROWS]);
}

/** The same among the strands of these threads, one or more. Gives the thread of the one that is chosen. */
function decideByHand(threads, fallback, current, forced) {
  let enabled = 0;
  for (let t = 0; t < C[c.THREADS]; t++) if ((threads >> t) & 1) enabled |= C[c.strandsOf(t)];
  const now = current < 0 ? -1 : C[c.chosenOf(current)];
  const chosen = decideAnyhow(enabled, C[c.chosenOf(fallback)], now, forced);
  for (let t = 0; t < C[c.THREADS] && chosen >= 0; t++) {
    if (!((threads >> t) & (C[c.strandsOf(t)] >> chosen) & 1)) continue;
    C[c.chosenOf(t)] = chosen;
    return t;
  }
  return -1;
}

function decideAnyhow(enabled, fallback, current, forced) {
  const n = C[c.DECISIONS];
  const at = C[c.BY_MOVES] ? C[c.MOVES] : n;
  let chosen = fallback;
  if (at < C[c.PREFIX_LENGTH]) {
    chosen = prefix[at];
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
export function random(word, count) {
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

/** Choose one of so many things that this thread itself may do next; all but the first cost a preemption each. */
export function decideAmong(count) {
  if (count === 1) return 0;
  C[c.UNTOLD] = 1;
  const chosen = decideAnyhow((1 << Math.min(count, MOST_CHOICES)) - 1, 0, 0, false);
  if (chosen < 0) park(); // it does not come back
  return chosen;
}

/** A sleeper that is chosen before anybody wakes it times out: the clock moves on. Where it `pushes` in, it may go on so. */
function take(thread, pushes = false) {
  const b = c.at(thread);
  if (thread >= 0 && C[b + c.STATE] === c.DOZING) {
    C[b + c.STATE] = c.READY;
    C[c.NOW] = Math.max(C[c.NOW], C[b + c.DUE]);
    C[b + c.STAY] = pushes && !C[c.STEPWISE] ? STAY_ROUNDS : 0;
  }
  return thread;
}

/**
 * A thread that has pushed in once with a time-out may go on so as long as nobody else moves, and it costs no more: it
 * is the others who are slow. Where it only looks at the same again and again, nobody is asked.
 */
function stayOrChoose() {
  const { ready } = census();
  if (!ready) return choose();
  C[c.STAYED]++;
  if (--C[base + c.STAY] === 0) {
    C[base + c.STAYED_AT] = C[c.CHANGES] + 1;
    return choose();
  }
  const chosen = loop.spinning ? me : decide(ready | (1 << me), me, -1);
  const left = C[base + c.STAY];
  take(chosen);
  C[base + c.STAY] = chosen === me ? left : 0;
  return chosen;
}

/** Does this thread go on looking at the same, because it was chosen to while others could go? Nobody is asked then. */
function staysOn() {
  if (C[base + c.STAY] <= 0 || loop.changes) return false;
  C[c.STAYED]++;
  if (--C[base + c.STAY] === 0) C[base + c.STAYED_AT] = C[c.CHANGES] + 1;
  ran = 0;
  return true;
}

/** The running thread could go on: whoever else goes first costs a preemption, a time-out included. */
function goOn() {
  const { ready, dozing } = census();
  return take(decide(ready | dozing, me, me), true);
}

/** The running thread has had many turns or goes round in a loop: to go to others is free, to stay costs. */
function giveWay() {
  const { ready, dozing, tired } = census();
  const mine = 1 << me;
  const others = (ready & ~mine) || dozing || tired;
  ran = 0;
  if (others && loop.spinning && !loop.changes && hasStayed(base)) {
    parkLoop();
    return take(decide(others, lowest(others), -1));
  }
  if (others) {
    const chosen = decide(mine | others, lowest(others), me, true);
    if (chosen === me) {
      if (loop.spinning && !loop.changes && !C[c.STEPWISE]) C[base + c.STAY] = STAY_STEPS;
      else loop.forget();
    } else if (loop.spinning) parkLoop();
    return take(chosen);
  }
  if (!loop.spinning) return me;
  parkLoop();
  return choose();
}

/** Let others go first until one of the locations changes that this thread's loop looks at. */
function parkLoop() {
  C[c.UNTOLD] = 1;
  C[base + c.LOCATIONS] = loop.lookedAt(C, base + c.FIRST_LOCATION);
  C[base + c.PARKED] = 1;
}

/**
 * Nobody goes on by itself: choose freely among those who can. A time-out may come before others move, but a long one
 * (c.LONG_MS) does not: it passes when all wait. Called by a host too, to start a schedule.
 */
export function choose() {
  const { ready, dozing, tired, patient, parked, asleep, fresh } = census();
  if (fresh && C[c.STEPWISE]) return lowest(fresh); // up to its first step it does nothing that others could see
  if (ready) {
    if (dozing) {
      // A time-out before anybody else moves is possible, but it costs: else a loop of time-outs would be free.
      const first = lowest(ready);
      const chosen = decide(dozing | (1 << first), first, first);
      if (chosen !== first) return take(chosen, true);
    }
    return decide(ready, lowest(ready), -1);
  }
  if (dozing | tired) {
    const first = earliest(dozing | tired);
    return take(decide(dozing | tired, first, first));
  }
  if (patient) return take(earliest(patient)); // all wait: now a long time passes, too
  if (parked) return release(parked);
  stop(asleep ? c.DEADLOCK : c.FINISHED);
  return -1;
}

function earliest(mask) {
  let best = lowest(mask);
  for (let t = 0; t < C[c.THREADS]; t++)
    if ((mask >> t) & 1 && isSooner(c.at(t), c.at(best))) best = t;
  return best;
}

const isSooner = (b, other) =>
  C[b + c.DUE] < C[other + c.DUE] || (C[b + c.DUE] === C[other + c.DUE] && C[b + c.TICKET] < C[other + c.TICKET]);

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
