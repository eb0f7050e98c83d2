// The jobs of exercise 2. The learner's Workers import this module. What "cpu" jobs do stands in a file, in order.
import { appendFileSync, readFileSync } from 'node:fs';
import { isMainThread, threadId } from 'node:worker_threads';
import { ticks } from 'starvation';

const TURNS = 2_000; // turns of the loop that a job waits for the others before it gives up
const ENOUGH = 25; // turns of the loop, of 10 ms at least, in which a call comes back that waits for nothing
const TICK_MS = 10;
export const PATIENCE_S = 2; // nobody waits longer for a loop to turn, or a job to say that it ends

export const tell = (log, ...words) => appendFileSync(log, `${words.join(' ')}\n`);

export function told(log) {
  try {
    return readFileSync(log, 'utf8').trim().split('\n').map((line) => line.split(' '));
  } catch {
    return []; // nobody has told anything
  }
}

const me = `${process.pid}/${threadId}`;
const place = () => ({ process: process.pid, thread: threadId, main: isMainThread });
const nothing = new Int32Array(new SharedArrayBuffer(4));
const begun = (log) => told(log).filter(([word]) => word === 'begin').length;

/** Wait until it is so, but no longer than so many seconds; whether it is. */
export async function awaitUntil(condition, seconds) {
  for (const ms of ticks(seconds * 1_000, TICK_MS)) {
    if (condition()) break;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
  return condition();
}

/** The same in a worker, whose loop does not turn meanwhile. */
function blockUntil(condition, seconds) {
  for (const ms of ticks(seconds * 1_000, TICK_MS)) {
    if (condition()) break;
    Atomics.wait(nothing, 0, 0, ms);
  }
  return condition();
}

// ---- "cpu" jobs

/** Some work, in which it says when it begins and when it ends. */
export function compute(log, number) {
  tell(log, 'begin', me, number);
  let total = 0;
  for (let i = 0; i < 20_000; i++) total += i * i;
  tell(log, 'end', number);
  return { ...place(), number, total };
}

/** Go on when so many have begun, or when they do not come in so many seconds. */
export function meet(log, others, seconds) {
  tell(log, 'begin', me);
  blockUntil(() => begun(log) >= others, seconds);
  const met = begun(log);
  tell(log, 'end');
  return { ...place(), met };
}

/** Go on when those jobs have ended. Where one has waited in vain, the next does not wait. */
export function wait_for(log, numbers, seconds) {
  tell(log, 'begin', me);
  const has = (word, number) => told(log).some((words) => words[0] === word && (!number || words[1] === number));
  const met = () => numbers.every((number) => has('end', String(number)));
  blockUntil(() => met() || has('vain'), seconds);
  const waited = met() ? 'well' : 'in vain';
  if (waited === 'in vain') tell(log, 'vain');
  tell(log, 'end');
  return { ...place(), waited };
}

/** Work on until the call is over, or has had turns enough of its loop to be over. */
export function linger(log) {
  tell(log, 'begin', me);
  blockUntil(() => told(log).some(([word]) => word === 'over' || word === 'enough'), PATIENCE_S);
  tell(log, 'end');
}

export function multiply(a, b) {
  return a * b;
}

export function give_undefined() {}

export function fail(text) {
  throw new RangeError(text);
}

export function throw_undefined() {
  throw undefined;
}

export function throw_null() {
  throw null;
}

// ---- "io" jobs: functions of the loop. How many of them have begun and ended is kept in the module.

export let meeting;
export function meetAnew() {
  meeting = { begun: 0, ended: 0 };
}
meetAnew();

const turn = () => new Promise((resolve) => setImmediate(resolve));
const turns = async (count) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 10));
};

/** Go on when so many have begun, or after many turns of the loop. */
export async function answer(number, others) {
  meeting.begun++;
  for (let i = 0; i < TURNS && meeting.begun < others; i++) await turn();
  return { ...place(), number, met: meeting.begun };
}

/** The same as `meet`, on the loop. */
export async function join(log, others, seconds) {
  tell(log, 'begin', me);
  await awaitUntil(() => begun(log) >= others, seconds);
  const met = begun(log);
  tell(log, 'end');
  return { ...place(), met };
}

/** The answers come in another order than the questions. */
export async function answer_later(number, turns) {
  for (let i = 0; i < turns; i++) await turn();
  return number;
}

export const reject_with_undefined = () => Promise.reject(undefined);

export async function fail_after(text, turns) {
  for (let i = 0; i < turns; i++) await turn();
  throw new SyntaxError(text);
}

/** Something that is still under way when another job has failed, for a moment. */
export async function wait_on() {
  meeting.begun++;
  await turns(ENOUGH);
  meeting.ended++;
}

/** Fail as soon as a "cpu" job is under way, or when none comes in a second. */
export async function fail_when_begun(text, log) {
  await awaitUntil(() => begun(log), 1);
  turns(ENOUGH).then(() => tell(log, 'enough')); // since the error; how long that took does not matter
  throw new SyntaxError(text);
}
