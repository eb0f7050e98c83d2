// What the pools of the experiment `pool` run in their Workers.
import { threadId } from 'node:worker_threads';
import { now } from '../reporter.mjs';

const never = new Int32Array(new SharedArrayBuffer(4));

/** A task that takes its time; who ran it, and from when to when. */
export default function task({ number, ms, exit }) {
  if (exit) process.exit(3);
  const start = now();
  Atomics.wait(never, 0, 0, ms);
  return { number, thread: threadId, start, end: now() };
}
