// Two workers count, each in its own word. Does it matter how far the words lie apart?
//
//     node lessons/lesson_06/false_sharing.mjs
//
// They count in small batches and note when each one ended. Only batches count during which the other worker was
// running too: on a busy machine the two often take turns, and then nothing can be seen.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, skip, span } from '../reporter.mjs';

const BATCH = 2_000; // additions
const PAUSE = 300; // µs: a batch that took longer was interrupted
const ENOUGH = 200, MOST_ROUNDS = 8; // batches to have seen, rounds to see them in
const READY = 0, FIRST = 64; // words; 64 words are 256 bytes, so that READY is far from what is counted

function work() {
  const { words, number } = workerData;
  parentPort.on('message', ({ apart, workers, seconds, round }) => {
    // region my word, so far from the other's
    const mine = FIRST + (number * apart) / 4; // <-
    Atomics.add(words, READY, 1);
    while (Atomics.load(words, READY) < round * workers); // they start together
    const ends = [now()];
    const until = ends[0] + seconds * 1e6;
    while (ends.at(-1) < until) {
      for (let i = 0; i < BATCH; i++) words[mine]++;
      ends.push(now());
    }
    // endregion
    parentPort.postMessage({ id: threadId, ends });
  });
}

/** How long each batch took during which the other one was running too, in µs. */
function together(ends, others) {
  const took = [];
  let at = 1;
  for (let i = 1; i < ends.length; i++) {
    while (at < others.length && others[at] < ends[i]) at++;
    if (at === others.length) break;
    const beside = others[at] - others[at - 1] < PAUSE && others[at - 1] < ends[i];
    if (beside && ends[i] - ends[i - 1] < PAUSE) took.push(ends[i] - ends[i - 1]);
  }
  return took;
}

const alone = (ends) => ends.slice(1).map((end, i) => end - ends[i]).filter((took) => took < PAUSE);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

async function main({ seconds }) {
  const words = new Int32Array(new SharedArrayBuffer(4096));
  const workers = [0, 1].map((number) => new Worker(new URL(import.meta.url), { workerData: { words, number } }));

  async function count(variant, apart, team) {
    let took = []; // up to some 100,000 batches: more than a spread into a call may have
    let ids;
    words[READY] = 0;
    for (let round = 1; round <= MOST_ROUNDS && took.length < ENOUGH; round++) {
      const start = now();
      const answers = team.map((worker) => once(worker, 'message'));
      for (const worker of team) worker.postMessage({ apart, workers: team.length, seconds: seconds / 2, round });
      const turns = (await Promise.all(answers)).flat();
      ids = turns.map((turn) => turn.id);
      for (const id of ids) span(variant, id, start, now());
      const [a, b] = turns.map((turn) => turn.ends);
      took = took.concat(b ? [together(a, b), together(b, a)].flat() : alone(a));
    }
    if (variant === null) return;
    if (took.length < ENOUGH) skip(variant, 'the two never ran at the same time for long: other programs are busy');
    else row({ variant, threads: ids, apart, batches: took.length, ns_per_op: +((median(took) * 1000) / BATCH).toFixed(2) });
  }

  await count(null, 256, workers); // to warm up
  await count('one alone', 0, workers.slice(0, 1));
  await count('4 bytes apart', 4, workers);
  await count('64 bytes apart', 64, workers);
  await count('256 bytes apart', 256, workers);
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ seconds: 0.25 }));
else work();
