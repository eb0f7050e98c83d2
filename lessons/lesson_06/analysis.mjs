// Analyse two million measurements in shared memory: by one thread, and by workers that take a chunk each.
//
//     node lessons/lesson_06/analysis.mjs
//
// Each worker works on its own chunk of the same bytes and sends back a few numbers: how many, their sum, the sum of
// their squares, the least, the most, and a histogram. Put together, they are the answer about the whole.
import { once } from 'node:events';
import { serialize } from 'node:v8';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row } from '../reporter.mjs';

const COUNT = 2_000_000, BINS = 20, PASSES = 12;

/** What a chunk tells: small, and such that two of them can be put together. */
function summary(values, first, last) {
  let found;
  for (let pass = 0; pass < PASSES; pass++) {
    const histogram = new Array(BINS).fill(0);
    let sum = 0, squares = 0, least = Infinity, most = -Infinity;
    for (let i = first; i < last; i++) {
      const value = values[i];
      sum += value;
      squares += value * value; // whole numbers, below 2^53 in all: exact
      if (value < least) least = value;
      if (value > most) most = value;
      histogram[Math.floor((value * BINS) / 1_000)]++;
    }
    found = { count: last - first, sum, squares, least, most, histogram };
  }
  return found;
}

// region put the chunks together
function together(parts) {
  const total = (name) => parts.reduce((sum, part) => sum + part[name], 0);
  return {
    count: total('count'), sum: total('sum'), squares: total('squares'), // <-
    least: Math.min(...parts.map((part) => part.least)), most: Math.max(...parts.map((part) => part.most)),
    histogram: parts[0].histogram.map((_, bin) => parts.reduce((sum, part) => sum + part.histogram[bin], 0)),
  };
}
// endregion

function tell(variant, rounds, ids, sent, right) {
  const { took, answer } = rounds.toSorted((a, b) => a.took - b.took)[Math.floor(rounds.length / 2)];
  const mean = answer.sum / answer.count;
  row({
    variant, threads: ids, took_ns: Math.round(took * 1000), mean: mean.toFixed(3),
    deviation: Math.sqrt(answer.squares / answer.count - mean * mean).toFixed(3), sent, bytes: 4 * COUNT,
    differs: rounds.filter((round) => JSON.stringify(round.answer) !== right).length,
  });
}

async function main({ threads }) {
  const values = new Int32Array(new SharedArrayBuffer(4 * COUNT));
  for (let i = 0; i < COUNT; i++) values[i] = (i * 7_919 + 13) % 1_000;
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), { workerData: values }));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const ids = workers.map((worker) => worker.threadId);
  const bound = (number) => Math.floor((COUNT * number) / threads);
  const chunks = workers.map((_, number) => [bound(number), bound(number + 1)]);

  const one = [], several = [];
  for (let round = 0; round < 3; round++) { // in turn, so that both meet the same moments of a busy machine
    let start = now();
    let answer = summary(values, 0, COUNT);
    one.push({ took: now() - start, answer });
    start = now();
    const parts = workers.map((worker) => once(worker, 'message'));
    workers.forEach((worker, number) => worker.postMessage(chunks[number]));
    answer = together((await Promise.all(parts)).flat());
    several.push({ took: now() - start, answer });
  }
  const right = JSON.stringify(one[0].answer);
  tell('one thread', one, [threadId], 0, right);
  const size = (thing) => serialize(thing).length;
  tell('a chunk each', several, ids, chunks.reduce((sum, chunk) => sum + size(chunk), 0) + threads * size(one[0].answer), right);
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ threads: 2 }));
else {
  parentPort.on('message', ([first, last]) => parentPort.postMessage(summary(workerData, first, last)));
  parentPort.postMessage('ready');
}
