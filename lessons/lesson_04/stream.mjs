// Chat rooms spread over workers: messages arrive all the time. Does each room stay in order, and how late are they?
//
//     node lessons/lesson_04/stream.mjs
//
// Now and then somebody sends a picture, which takes a moment to store. Who is given the room's next message meanwhile?
import { once } from 'node:events';
import { setInterval } from 'node:timers/promises';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, mark, now, params, row, span } from '../reporter.mjs';

const ROOMS = 17; // a prime: in turn, no number of workers meets the same room again
const EVERY_MS = 5; // each room gets a message
const PICTURE_MS = 10; // to store a picture
const isPicture = (room, number) => (3 * room + number) % 20 === 0;

/** Which worker gets message `number` of a room. */
// region which worker gets a message
const plans = {
  'a room stays with its worker': (room, number, workers) => room % workers,
  'each message to the next worker': (room, number, workers) => (number * ROOMS + room) % workers, // <-
};
// endregion

function work() {
  const disk = new Int32Array(new SharedArrayBuffer(4)); // nobody changes it: to wait for it takes as long as we say
  parentPort.on('message', ({ room, number, sent }) => {
    const start = now();
    if (isPicture(room, number)) Atomics.wait(disk, 0, 0, PICTURE_MS);
    parentPort.postMessage({ room, number, sent, start, end: now(), id: threadId });
  });
  parentPort.postMessage('ready');
}

/** Let every room get `count` messages, and look at what comes back, in the order in which it comes. */
async function stream(plan, workers, count) {
  const latencies = [], last = Array(ROOMS).fill(-1);
  let overtaken = 0;
  const show = ({ room, number, sent, start, end, id }) => {
    latencies.push(now() - sent);
    if (number < last[room]) overtaken++;
    last[room] = Math.max(last[room], number);
    const [name, state] = isPicture(room, number) ? ['picture', 'waiting'] : ['text', 'running'];
    span(name, id, start, end, { state, scene: plan });
  };
  const all = new Promise((resolve) => {
    for (const worker of workers) {
      worker.removeAllListeners('message').on('message', (message) => {
        show(message);
        if (latencies.length === ROOMS * count) resolve();
      });
    }
  });
  let number = 0;
  for await (const _ of setInterval(EVERY_MS)) {
    for (let room = 0; room < ROOMS; room++) {
      workers[plans[plan](room, number, workers.length)].postMessage({ room, number, sent: now() });
    }
    mark('sent', threadId, { scene: plan });
    if (++number === count) break;
  }
  await all;
  latencies.sort((a, b) => a - b);
  const percentile = (p) => latencies[Math.ceil((p / 100) * latencies.length) - 1] * 1000;
  row({
    variant: plan, threads: workers.map((worker) => worker.threadId), messages: latencies.length, overtaken,
    p50: percentile(50), p95: percentile(95), p99: percentile(99),
  });
}

async function main({ threads, messages }) {
  lane(threadId, 'main');
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url)));
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  for (const worker of workers) lane(worker.threadId, 'worker');
  for (const plan of Object.keys(plans)) await stream(plan, workers, messages);
  await Promise.all(workers.map((worker) => worker.terminate()));
}

if (isMainThread) await main(params({ threads: 3, messages: 40 }));
else work();
