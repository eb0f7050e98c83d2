// What a learner's workers are to run: a plain function, told by `data.job` what to do. `later` is the same, but async;
// it is the default export of later.mjs, which the scenarios write beside this file.
import { threadId } from 'node:worker_threads';

const jobs = {
  echo: ({ value }) => value,
  nothing() {},
  errorAsValue: () => new RangeError('a result'),
  thread: () => threadId,
  fail({ value }) {
    throw new RangeError(`no ${value}`);
  },
  giveAFunction: () => () => {},
  throwAFunction() {
    throw () => {};
  },
  failWithAValue({ value }) {
    throw value;
  },
  // gives its worker's thread, and a moment later that worker exits, with nothing to do
  leaveAfterwards({ exited }) {
    process.on('exit', () => { exited[0] = 1; });
    setTimeout(() => process.exit(0), 20);
    return threadId;
  },
};

export default function work(data) {
  if (!data?.job) return data;
  if (data.job !== 'wait') return jobs[data.job](data);
  const { log, gates, index } = data;
  note(log, 1, index);
  Atomics.wait(gates, index, 0);
  return end(data);
}

export async function later(data) {
  if (data?.job !== 'wait') {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return jobs[data.job](data);
  }
  const { log, gates, index } = data;
  note(log, 1, index);
  while (Atomics.load(gates, index) === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  if (Atomics.load(gates, index) === WAYS.crash) {
    note(log, 2, index);
    setTimeout(() => { throw new RangeError('nobody catches this'); });
    return new Promise(() => {}); // the worker ends first
  }
  return end(data);
}

/** How a task may be told to end, and the number that tells it. */
export const WAYS = { return: 1, raise: 2, exit: 3, exit0: 4, crash: 5 };

/** A line of the diary: 1 for a start, 2 for an end; the task; who runs it. */
export function note(log, what, index) {
  log.set([what, index, threadId], 1 + 3 * Atomics.add(log, 0, 1));
}

function end({ log, gates, index, name }) {
  note(log, 2, index);
  switch (Atomics.load(gates, index)) {
    case WAYS.raise: throw new RangeError(`${name} failed`);
    case WAYS.exit: return process.exit(3);
    case WAYS.exit0: return process.exit(0);
    default: return name;
  }
}
