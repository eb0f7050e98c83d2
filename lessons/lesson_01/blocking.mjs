// What happens to an event loop while somebody calculates? A heart should beat every 10 ms; who lets it?
//
//     node lessons/lesson_01/blocking.mjs
//
// The same calculation is run in five ways. A timer of the same loop counts the beats and notes how late they come.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, mark, now, params, row, span } from '../reporter.mjs';

const PERIOD = 10_000; // µs between two beats
const SLICES = 40;

let longest = 0; // µs of the longest time that the loop's thread calculated without a break

/** CPU work: the hash of the hash of the hash ... of a password, as password hashing does it. */
function stretch(hash, rounds) {
  const start = now();
  for (let i = 0; i < rounds; i++) hash = createHash('sha256').update(hash).digest();
  longest = Math.max(longest, now() - start);
  return hash;
}

const ways = {
  // region inline, in a promise, in slices
  'inline': async (rounds) => stretch('password', rounds),

  'in a promise': (rounds) => new Promise((resolve) => resolve(stretch('password', rounds))), // <-

  async 'slices, await a resolved promise'(rounds) {
    let hash = 'password';
    for (let i = 0; i < SLICES; i++) {
      hash = stretch(hash, rounds / SLICES);
      await Promise.resolve(); // goes on at once: nothing else gets its turn
    }
    return hash;
  },
  // endregion

  async 'slices, await setImmediate'(rounds) {
    let hash = 'password';
    for (let i = 0; i < SLICES; i++) {
      hash = stretch(hash, rounds / SLICES);
      await new Promise(setImmediate); // goes on after one turn of the loop
    }
    return hash;
  },

  async 'a worker'(rounds, worker) {
    worker.postMessage(rounds);
    const [answer] = await once(worker, 'message');
    return answer;
  },
};

/** Let a heart beat in this thread's loop. `stop` gives when it beat (µs). */
function startHeart() {
  const beats = [];
  const timer = setInterval(() => beats.push(now()), PERIOD / 1000);
  const stop = () => {
    clearInterval(timer);
    return beats;
  };
  return { beats, stop };
}

/** Resolves after `count` more beats. */
async function listen({ beats }, count) {
  for (const target = beats.length + count; beats.length < target; ) await new Promise((r) => setTimeout(r, 5));
}

async function measure(way, rounds, worker) {
  const heart = startHeart();
  await listen(heart, 3);
  longest = 0;
  const start = now();
  const hash = Buffer.from(await ways[way](rounds, worker)).toString('hex');
  const end = now();
  await listen(heart, 1); // the first beat afterwards is late too
  const beats = heart.stop();

  const on = way === 'a worker' ? worker.threadId : threadId;
  span('hashing', on, start, end, { scene: way });
  for (const beat of beats) mark('beat', threadId, { at: beat, scene: way });
  const during = beats.filter((beat) => start < beat && beat < end).length;
  const lags = beats.map((beat, i) => beat - beats[i - 1] - PERIOD).filter((_, i) => beats[i] > start);
  row({
    variant: way, threads: [on], took_ns: Math.round((end - start) * 1000), beats: during,
    due: Math.floor((end - start) / PERIOD), worst_ns: Math.round(Math.max(...lags) * 1000),
    longest_ns: Math.round(longest * 1000), hash: hash.slice(0, 8),
  });
}

async function main({ rounds }) {
  const worker = new Worker(new URL(import.meta.url));
  await once(worker, 'online');
  worker.postMessage(rounds / 10); // both sides warm up
  stretch('password', rounds / 10);
  await once(worker, 'message');
  lane(threadId, 'loop');
  lane(worker.threadId, 'worker');
  for (const way of Object.keys(ways)) await measure(way, rounds, worker);
  await worker.terminate();
}

if (isMainThread) await main(params({ rounds: 100_000 }));
else parentPort.on('message', (rounds) => parentPort.postMessage(stretch('password', rounds)));
