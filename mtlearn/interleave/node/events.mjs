// The event loop of one thread: what its program has put off until later, and which of it goes next. Node's own loop
// only empties the queue of promises in between: its order is fixed. What Node leaves open is a choice here.
//
// A timer never fires early, and between two turns of the loop any time may pass. So of two timers that wait, the one
// that is due later may come first only if it was set in an earlier turn: then the other may have been set late.
import * as c from './control.mjs';
import { aborting, base, C, detailed, me, stepwise, tell } from './block.mjs';
import { Abort, decideAmong, giveUp, loop } from './scheduler.mjs';
import { refuse } from './refusal.mjs';
import { awaitsNotify, forgetWaiters, sleepFor, takeWoken } from './sleepers.mjs';
import { passed, where } from './steps.mjs';
import { beginStrands, chooseByHand, runStrand, strandFor } from './strands.mjs';

const activeResources = process.getActiveResourcesInfo.bind(process);

const nextImmediate = globalThis.setImmediate; // the real one, before the learner's replaces it
const MOST_TURNS = 5_000; // of the loop of one thread in one schedule
const MOST_IMMEDIATES = 100; // of Node's own, in one turn
// What the explorer itself, and the loading of modules, may have under way.
const OWN_RESOURCES = new Set(['MessagePort', 'Immediate', 'Timeout', 'PipeWrap', 'TTYWrap', 'CloseReq', 'FileHandle']);
const LAST_TICKS = 2; // of an interval that nobody stops, after the thread function has ended

let waiting = []; // what is to be done later, in the order in which it was put off
let turn = 0; // which turn of the loop this is
let later = false; // the thread function has left something for later: a promise, a microtask, a timer
let batch = 0; // immediates up to this number go before anything else does

let open = () => []; // what is awaited, longest first
let number = 0; // of what was put off last
let uncaught = null; // { error } that nobody has caught
let begun = false; // a thread function has been started; before that modules are loaded

/**
 * Something to be done in a turn of its own. `kind` is "timer", "interval", "immediate", "message", "wake" (of Atomics.waitAsync) or "await". */
class Later {
  constructor(kind, act, { ms = 0, queue = null, note = null, where: at, owner = -1 } = {}) {
    Object.assign(this, { kind, act, ms, queue, note, turn, number: ++number, due: C[c.NOW] + ms, refs: true, ticks: 0 });
    this.where = detailed() ? (at ?? where()) : null;
    this.strand = strandFor(owner, waiting, open());
  }

  get isTimer() {
    return this.kind === 'timer' || this.kind === 'interval';
  }
}

/** Forget the last schedule. */
export function beginEvents(openAwaits) {
  open = openAwaits;
  waiting = [];
  turn = 0;
  later = false;
  batch = 0;
  uncaught = null;
  begun = true;
  forgetWaiters();
  beginStrands();
}

/** An error that nobody catches has come up: it ends the thread as soon as the promises have had their turn. */
export function failLater(error) {
  if (!(error instanceof Abort)) uncaught ??= { error };
}

export const noteLater = () => { later = true; };

/** Has the thread function left something for later? */
export const needsTime = (value) => later || typeof value?.then === 'function';

/** Does what is awaited here take long? A choice, which costs; who steps by hand chooses when it goes on. */
export const mayTakeLong = () => begun && !loop.spinning && (stepwise() || decideAmong(2) === 1);

/** Put something off. Gives it, so that it may be called off. */
export function putOff(kind, act, options) {
  if (!begun) refuse('its modules put something off until later while they are loaded');
  later = true;
  C[c.UNTOLD] = 1;
  const item = new Later(kind, act, options);
  waiting.push(item);
  return item;
}

export function callOff(item) {
  const at = waiting.indexOf(item);
  if (at >= 0) waiting.splice(at, 1);
}

export const isWaiting = (item) => waiting.includes(item);

/** Start its time anew. */
export function restart(item) {
  callOff(item);
  Object.assign(item, { due: C[c.NOW] + item.ms, turn, number: ++number });
  waiting.push(item);
}

/** Must this timer come before the other, whatever the machine does? */
function precedes(one, other) {
  const sooner = one.due < other.due || (one.due === other.due && one.number < other.number);
  return sooner && one.turn <= other.turn;
}

/** What may be done next, by default the first: all that is ready, then timers that are not long. */
function choices() {
  const queues = new Set();
  const ready = waiting.filter((item) => {
    if (item.isTimer || queues.has(item.queue ?? item)) return false; // each queue in its own order
    queues.add(item.queue ?? item);
    return true;
  });
  if (ready.some((item) => item.kind === 'immediate' && item.number <= batch))
    return ready.filter((item) => item.kind === 'immediate');
  const timers = waiting.filter((item) => item.isTimer && item.ms < c.LONG_MS);
  const first = timers.filter((item) => !timers.some((other) => other !== item && precedes(other, item)));
  first.sort((a, b) => a.due - b.due || a.number - b.number);
  // A timer is not due in the turn it was set in before what is ready by then, save one of a millisecond.
  const early = ready.length ? first.filter((item) => item.turn < turn || item.ms <= 1) : first;
  return [...ready.filter((item) => item.kind !== 'await'), ...ready.filter((item) => item.kind === 'await'), ...early];
}

/** Choose what is done next; waits for its time. Null where nothing is left that could ever be done. */
function choose() {
  for (;;) {
    collectWoken();
    let found = choices();
    if (stepwise() && found.length) return chooseByHand(found, waiting, open());
    if (found.length === 0 || found[0].isTimer) {
      const timers = waiting.filter((item) => item.isTimer);
      if (timers.length === 0) {
        if (!awaitsNotify()) return null;
        hang();
        continue;
      }
      const due = Math.min(...(found.length ? found : timers).map((item) => item.due));
      const left = Math.max(due - C[c.NOW], 0); // of a short timer never so much that it would be a long one
      if (sleepFor(found.length ? Math.min(left, c.LONG_MS - 1) : Math.max(left, c.LONG_MS))) continue;
      if (found.length === 0) found = [timers.reduce((a, b) => (precedes(b, a) ? b : a))];
    }
    return found[decideAmong(found.length)];
  }
}

/** What others have woken since the last turn is ready. */
function collectWoken() {
  for (const resume of takeWoken()) putOff('wake', resume);
}

/** What comes from files, sockets and the like comes when it comes: that is nothing to be put in an order. */
function lookOutside() {
  for (const name of activeResources())
    if (!OWN_RESOURCES.has(name)) refuse(`a thread waits for something that comes from outside it: ${name}`, open().map(({ at }) => at?.[1]));
}

/** Nothing in this thread can settle what it waits for any more. */
function hang() {
  C[base + c.HANGS] = 1;
  if (detailed()) tell({ hangs: [me, open()[0]?.at ?? null] });
  sleepFor(Infinity);
  C[base + c.HANGS] = 0;
}

function start(item) {
  if (item.kind === 'immediate' && item.number > batch)
    batch = waiting.reduce((last, other) => (other.kind === 'immediate' ? other.number : last), 0);
  if (item.isTimer) C[c.NOW] = Math.max(C[c.NOW], item.due);
  turn++;
  runStrand(item.strand);
  if (item.kind === 'interval') {
    item.ticks++;
    restart(item);
  } else callOff(item);
  passed(me, item);
  item.act();
}

/** All that needs no event: promises, microtasks, ticks, and immediates of Node's own, as streams of the web have. */
async function drained() {
  for (let left = MOST_IMMEDIATES; left; left--) {
    await new Promise((go) => nextImmediate(go));
    if (!activeResources().includes('Immediate')) break;
  }
}

/** Do it as Node does: called by the loop itself, so that ticks go before promises afterwards. */
const inTurn = (item) =>
  new Promise((go, fail) => {
    nextImmediate(() => {
      try {
        start(item);
        go();
      } catch (error) {
        fail(error);
      }
    });
  });

/** Does it keep the thread from ending, once its function has ended? */
const keeps = (item) => item.refs && (item.kind !== 'interval' || item.ticks < LAST_TICKS);

/** Do all that was put off until nothing is left, and give what the promise of the thread function has become. */
export async function runEvents(value) {
  let ended = false;
  let failed = false;
  let result;
  const settle = (how) => (given) => {
    ended = true;
    failed = how;
    result = given;
  };
  Promise.resolve(value).then(settle(false), settle(true));
  for (let turns = 0; ; turns++) {
    lookOutside();
    await drained();
    if (aborting()) throw new Abort();
    lookOutside();
    if (uncaught) throw uncaught.error;
    if (failed) throw result;
    if (ended && !waiting.some(keeps) && !awaitsNotify()) return result;
    if (turns - C[c.STAYED] > MOST_TURNS) giveUp(c.TOO_LONG);
    const item = choose();
    if (item) await inTurn(item);
    else if (ended) return result;
    else hang();
  }
}

/** Let what is left of a schedule that was given up run into its end. */
export async function leave() {
  waiting = [];
  if (later) await drained();
}
