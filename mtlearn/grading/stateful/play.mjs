// The subject's side of stateful testing, for Node.js: see play.py, which writes down the same things.
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isUnwritten } from '../../interleave/node/unwritten.mjs';

const POLL_MS = 2;

export const turn = () => new Promise((resolve) => setImmediate(resolve));
export const pause = (ms = POLL_MS) => new Promise((resolve) => setTimeout(resolve, ms));

/** What nobody holds any more is gone afterwards. */
export async function collect() {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  for (let round = 0; round < 3; round++) {
    await turn(); // what a WeakRef gave out is kept until the end of its turn
    gc();
  }
}

/** How long to wait for what the learner's code may do a little later; counted in polls, and less after a failure. */
export class Patience {
  constructor(ms, leastMs = 2 * POLL_MS) {
    this.polls = Math.ceil(ms / POLL_MS);
    this.least = Math.ceil(leastMs / POLL_MS);
  }

  /** Wait until it is so; whether it is. */
  async until(condition) {
    await turn(); // whoever goes on after an await has done so now
    for (let i = 0; i < this.polls; i++) {
      if (condition()) return true;
      await pause();
    }
    this.polls = Math.max(Math.floor(this.polls / 4), this.least);
    return condition();
  }
}

export const patience = new Patience(500); // of all plays of one subject together

/** A value as a programmer writes it. */
export function shown(value) {
  return value instanceof Error ? `${value.name}: ${value.message}` : inspect(value, { breakLength: Infinity }).slice(0, 300);
}

/** Throw on what says that it is not written yet. */
export function pass(error) {
  if (isUnwritten(error)) throw error;
}

/** What a call threw, as evidence; `fitting` is for an error about bad arguments. */
export function refusal(error) {
  pass(error);
  const fitting = error instanceof RangeError || error instanceof TypeError;
  const [raised, message] = error instanceof Error ? [error.name, error.message] : ['a value', shown(error)];
  return { raised: String(raised), message: String(message), timeout: false, fitting };
}

/** What the call gave, as { gave: value }, or its refusal. */
export function attempt(work) {
  try {
    return { gave: work() };
  } catch (error) {
    return refusal(error);
  }
}

/** The outcome of a promise, kept up to date; `reason` is what it rejects with when it was cancelled. */
export function watch(promise, reason = () => promise) {
  if (!(promise instanceof Promise)) return { gave: promise === null ? 'null' : typeof promise };
  const told = { pending: true };
  const settle = (outcome) => {
    delete told.pending;
    Object.assign(told, outcome);
  };
  promise.then(
    (value) => settle({ value: value === undefined ? 'undefined' : value, shown: shown(value) }),
    (error) => {
      if (error === reason()) settle({ cancelled: true });
      else settle({ failed: String(error?.message ?? shown(error)), type: error instanceof Error ? error.name : 'a value' });
      try {
        pass(error);
      } catch {
        unwritten = error;
      }
    },
  );
  return told;
}

let unwritten = null; // a promise rejected with that

/** Throw on what a promise rejected with, where that says that it is not written yet. */
export function written() {
  if (unwritten) throw unwritten;
}

/** What has to come before the play can go on did not come. */
export class Stuck extends Error {
  constructor(missing = []) {
    super();
    this.missing = missing;
  }
}

/** What a script is played on. A subclass has a method for each step; what it returns is JSON. */
export class Play {
  log = [];
  outcomes = {}; // by name
  patience = patience;

  async play(steps) {
    const gave = [], broken = [];
    let stuck = null, told;
    try {
      for (const [step, [what, ...how]] of steps.entries()) {
        try {
          gave.push((await this.step(what, ...how)) ?? null);
        } catch (error) {
          if (error instanceof Stuck) {
            stuck = { step, missing: error.missing };
            break;
          }
          broken.push({ step, ...refusal(error) });
          gave.push(null);
        }
        await turn(); // what is asynchronous may do its part a little later
      }
    } finally {
      told = await this.told();
    }
    written();
    return { gave, broken, stuck, log: this.log, outcomes: this.outcomes, ...told };
  }

  /** Play one step; what is to be told of it. */
  step(what, ...how) {
    return this[what](...how);
  }

  /** What else is to be told when the last step was played. It may wait for it, and put things in order. */
  told() {
    return {};
  }

  /** Make a call that gives a promise, and keep its outcome under this name; a refusal is an outcome, too. */
  make(name, call, reason) {
    const came = attempt(call);
    this.outcomes[name] = came.raised ? came : watch(came.gave, reason);
  }

  ended(name) {
    return !this.outcomes[name]?.pending;
  }

  /** Wait until nothing is missing. Throws Stuck where something does not come. */
  async need(missing) {
    if (!(await this.patience.until(() => !missing().length))) throw new Stuck(missing());
  }
}
