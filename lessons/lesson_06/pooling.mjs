// What does a buffer of 1 MiB cost: made for each use, or taken from a pool?
//
//     node lessons/lesson_06/pooling.mjs
//
// Each use writes one byte into every page. A new buffer has no pages yet: the system brings each of them in,
// emptied, at the first touch (a page fault). A pool pays that once.
import { threadId } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const MIB = 1024 * 1024, PAGE = 4096;
const BUFFERS = 4;
const ZEROS = new Uint8Array(MIB);

function touch(bytes) {
  for (let at = 0; at < MIB; at += PAGE) bytes[at] = 1;
}

const block = new SharedArrayBuffer(BUFFERS * MIB);
const free = Array.from({ length: BUFFERS }, (_, number) => new Uint8Array(block, number * MIB, MIB));

const uses = {
  // region a new block, one from a pool
  newBlock() {
    touch(new Uint8Array(new SharedArrayBuffer(MIB))); // <-
  },
  newBuffer() {
    touch(Buffer.alloc(MIB)); // not shared: what every request of a server might make
  },
  fromPool() {
    const bytes = free.pop();
    touch(bytes);
    free.push(bytes);
  },
  // endregion
  fromPoolZeroed() {
    const bytes = free.pop();
    bytes.set(ZEROS); // on shared memory this is several times as fast as bytes.fill(0)
    touch(bytes);
    free.push(bytes);
  },
};

const faults = () => process.resourceUsage().minorPageFault;

/** Use a buffer so many times; `made` are the bytes that were asked for in all. */
function measure(variant, use, times, made) {
  for (let i = 0; i < 10; i++) use(); // the first times warm up
  const before = faults(), start = now();
  for (let i = 0; i < times; i++) use();
  const end = now();
  span(variant, threadId, start, end);
  row({
    variant, uses: times, made, ns_per_use: Math.round(((end - start) * 1000) / times),
    faults: +((faults() - before) / times).toFixed(2),
  });
}

params({});
measure('new block each time', uses.newBlock, 60, 60 * MIB);
measure('new Buffer each time', uses.newBuffer, 60, 60 * MIB);
measure('from a pool', uses.fromPool, 2_000, BUFFERS * MIB);
measure('from a pool, zeroed', uses.fromPoolZeroed, 500, BUFFERS * MIB);
