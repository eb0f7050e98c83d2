// What is done with a learner's sumInSlices. Thread functions are called as fn(memory, index, ...arguments).
import { createHash } from 'node:crypto';
import { MessageChannel } from 'node:worker_threads';
import * as exercise from 'exercise';
import { pass } from 'stateful';

export const NAMES = ['sumInSlices'];

const oneThread = (...thread) => ({ memory: {}, threads: [thread] });

export const scenarios = {
  // for each count, the sum of 3 * item + 1 over that many items (1, 2, 3, ...)
  summing: ({ counts, slice_size }) => oneThread('sum', counts, slice_size),
  // five items with each slice size
  refusing: ({ slice_sizes }) => oneThread('refuse', slice_sizes),
  // the sum of 3 * item + 1 over that many items (1, 2, 3, ...)
  long_list: ({ count, slice_size }) => oneThread('sumLong', count, slice_size),
  // how often the loop had turned when each item was crunched
  turning: ({ count, slice_size, rounds }) => oneThread('turn', count, slice_size, rounds),
  // messages on the same loop, while it sums hashes that take real work
  answering: ({ count, slice_size, rounds }) => oneThread('answer', count, slice_size, rounds),
};

const range = (count, first = 0) => Array.from({ length: count }, (_, i) => first + i);

/** A returned value as evidence: a whole number as it is, anything else as text. */
const told = (value) => (Number.isSafeInteger(value) ? value : String(value));

/** The first byte of a hash of a hash of a hash. */
function workHard(item, rounds) {
  let digest = Buffer.from([item % 256]);
  for (let i = 0; i < rounds; i++) digest = createHash('sha256').update(digest).digest();
  return digest[0];
}

export async function sum(memory, thread, counts, sliceSize) {
  const sums = [];
  for (const count of counts) {
    sums.push(told(await exercise.sumInSlices(range(count, 1), (item) => 3 * item + 1, sliceSize)));
  }
  return sums;
}

export async function refuse(memory, thread, sliceSizes) {
  const outcomes = [];
  for (const sliceSize of sliceSizes) outcomes.push(await attempt([1, 2, 3, 4, 5], (item) => item, sliceSize));
  return outcomes;
}

export const sumLong = (memory, thread, count, sliceSize) =>
  attempt(range(count, 1), (item) => 3 * item + 1, sliceSize);

async function attempt(items, crunch, sliceSize) {
  try {
    return { returned: told(await exercise.sumInSlices(items, crunch, sliceSize)) };
  } catch (error) {
    pass(error);
    const fitting = error instanceof RangeError || error instanceof TypeError;
    return { raised: error?.name ?? String(error), message: String(error?.message ?? ''), fitting };
  }
}

/**
 * Gives [item, turns] for each item in the order they were crunched.
 * The first item takes real work: timers that were set before it are all due when it is done.
 */
export async function turn(memory, thread, count, sliceSize, rounds) {
  let turns = 0, going = true;
  const seen = [];
  const again = () => {
    turns++;
    if (going) setImmediate(again); // these wait for the next turn
  };
  setImmediate(again);
  const crunch = (item) => {
    if (!seen.length) workHard(item, rounds);
    seen.push([item, turns]);
    return item;
  };
  try {
    await exercise.sumInSlices(range(count), crunch, sliceSize);
  } finally {
    going = false;
  }
  return seen;
}

/** Each message is sent when the one before has been answered. */
export async function answer(memory, thread, count, sliceSize, rounds) {
  const { port1: here, port2: there } = new MessageChannel();
  const most = 10 * count;
  let answered = 0, first;
  const begun = new Promise((resolve) => { first = resolve; });
  there.on('message', () => there.postMessage('answer'));
  here.on('message', () => {
    first();
    if (++answered < most) setImmediate(() => here.postMessage('question')); // at most one in a turn
  });
  const crunch = (item) => workHard(item, rounds);
  here.postMessage('question');
  await begun;
  try {
    const before = answered;
    const total = await exercise.sumInSlices(range(count), crunch, sliceSize);
    const meanwhile = answered - before;
    const wanted = range(count).map(crunch).reduce((a, b) => a + b, 0);
    return { answered: meanwhile, total: told(total), wanted };
  } finally {
    here.close();
  }
}
