// Two threads, two words, one write and one read each. In which order does the other one see them?
//
//     node lessons/lesson_05/happens_before.mjs
//
// Both go through the same rounds, each at its own pace, and write the number of the round. So what was read in each
// tells afterwards whether there is any order of whole steps that explains it.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const ROUNDS = 20_000; // of a batch: both begin it together
const LINE = 16; // words of a cache line: each of these words has one of its own
const X = LINE, Y = 2 * LINE, LAST = 3 * LINE, HERE = [4 * LINE, 5 * LINE], WORDS = 6 * LINE;

/** What each of the two sides does in a round, and what it has read there. */
const variants = {
  // region data, and a flag that says that they are there
  'flag and data, plain': [
    (v, round) => { v[X] = round; v[Y] = round; return 0; }, // <-
    (v) => { const flag = v[Y]; return v[X] < flag ? 1 : 0; },
  ],
  'flag and data, Atomics': [
    (v, round) => { v[X] = round; Atomics.store(v, Y, round); return 0; }, // <-
    (v) => { const flag = Atomics.load(v, Y); return v[X] < flag ? 1 : 0; },
  ],
  // endregion
  // region each writes its own word, then reads the other's
  'two flags, plain': [
    (v, round) => { v[X] = round; return v[Y]; }, // <-
    (v, round) => { v[Y] = round; return v[X]; },
  ],
  'two flags, Atomics': [
    (v, round) => { Atomics.store(v, X, round); return Atomics.load(v, Y); }, // <-
    (v, round) => { Atomics.store(v, Y, round); return Atomics.load(v, X); },
  ],
  // endregion
};

/**
 * How often nobody saw the other: one wrote `round` and then read less than `next`; the other wrote `next`, and then
 * read less than `round`. Whichever write came first, one of the two reads should have seen it.
 */
function bothMissed([mine, theirs]) {
  let found = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const next = mine[round] + 1;
    if (next <= ROUNDS && theirs[next] < round) found++;
  }
  return found;
}

/** Wait until the other has come here, too. */
function meet(v, side, batch) {
  Atomics.store(v, HERE[side], batch);
  Atomics.notify(v, HERE[side]);
  for (let tries = 0, there; (there = Atomics.load(v, HERE[1 - side])) < batch; tries++) {
    if (tries > 10_000) Atomics.wait(v, HERE[1 - side], there); // it has no core at the moment
  }
}

function work() {
  const { v, reads, side, seconds } = workerData, mine = reads[side];
  parentPort.on('message', (variant) => {
    const step = variants[variant][side], start = now(), end = performance.now() + seconds * 1000;
    let batches = 0, wrong = 0;
    for (let met = 1; ; met += 2) {
      if (side === 0) {
        v[X] = v[Y] = 0;
        if (performance.now() > end) v[LAST] = met;
      }
      meet(v, side, met);
      if (v[LAST] === met) break;
      for (let round = 1; round <= ROUNDS; round++) mine[round] = step(v, round);
      meet(v, side, met + 1);
      batches++;
      if (side === 0) wrong += variant.startsWith('two') ? bothMissed(reads) : reads[1].reduce((sum, each) => sum + each);
    }
    parentPort.postMessage({ id: threadId, start, end: now(), rounds: batches * ROUNDS, wrong });
  });
}

const shared = (words) => new Int32Array(new SharedArrayBuffer(words * Int32Array.BYTES_PER_ELEMENT));

async function main({ seconds }) {
  const v = shared(WORDS), reads = [shared(ROUNDS + 1), shared(ROUNDS + 1)], file = new URL(import.meta.url);
  for (const variant of Object.keys(variants)) {
    v.fill(0);
    // new ones for each variant: what V8 has learnt of one step must not slow the next
    const workers = [0, 1].map((side) => new Worker(file, { workerData: { v, reads, side, seconds } }));
    const answers = workers.map((worker) => once(worker, 'message'));
    for (const worker of workers) worker.postMessage(variant);
    const turns = (await Promise.all(answers)).flat();
    for (const { id, start, end } of turns) span(variant, id, start, end);
    const [{ rounds, wrong, start, end }] = turns;
    row({ variant, threads: turns.map(({ id }) => id), rounds, wrong, took_ns: Math.round((end - start) * 1000) });
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

if (isMainThread) await main(params({ seconds: 0.3 }));
else work();
