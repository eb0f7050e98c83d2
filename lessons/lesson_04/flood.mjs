// What happens to messages that nobody reads? And what keeps a sender from drowning the receiver?
//
//     node lessons/lesson_04/flood.mjs
//
// The receiver is a worker that is busy until it is let go. Then it reads everything, so that we see what arrived.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const KILOBYTES = 10; // of one message
const WINDOW = 100; // messages that may be out without an answer
const STOP = '';

function receive() {
  const { gate } = workerData;
  parentPort.once('message', () => Atomics.wait(gate, 0, 0)); // busy with the first message, and with nothing else
  let received = 0;
  parentPort.on('message', (message) => {
    if (message === STOP) return parentPort.postMessage({ received });
    received++;
    parentPort.postMessage('read'); // who sent it may send another
  });
  parentPort.postMessage('ready');
}

/** Send `count` messages; with a `window`, never more than that without an answer. Gives the row. */
async function send(variant, count, window) {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  // a small nursery: what has been read and thrown away shall not count as waiting
  const worker = new Worker(new URL(import.meta.url), { workerData: { gate }, resourceLimits: { maxYoungGenerationSizeMb: 2 } });
  const id = worker.threadId;
  await once(worker, 'message'); // it is ready
  let read = 0, mostWaiting = 0, mostMemory = 0, wake = () => {};
  const answer = new Promise((resolve) => worker.on('message', (message) => {
    if (message !== 'read') return resolve(message.received);
    read++;
    wake();
  }));
  const open = () => {
    Atomics.store(gate, 0, 1);
    Atomics.notify(gate, 0);
  };
  const before = process.memoryUsage.rss(), start = now();
  // region a sender that may have to wait
  for (let sent = 0; sent < count; ) {
    worker.postMessage(String(sent).padEnd(KILOBYTES * 1000)); // <-
    sent++;
    mostWaiting = Math.max(mostWaiting, sent - read);
    if (sent % 500 === 0) mostMemory = Math.max(mostMemory, process.memoryUsage.rss() - before);
    while (sent - read >= window) {
      open(); // it may read: here the sender waits for the receiver
      await new Promise((resolve) => { wake = resolve; });
    }
  }
  // endregion
  const end = now();
  open();
  worker.postMessage(STOP);
  const received = await answer;
  span(variant, threadId, start, end);
  await worker.terminate();
  return {
    variant, threads: [threadId, id], sent: count, received, waiting: mostWaiting,
    memory: mostMemory, ns_sending: (end - start) * 1000,
  };
}

async function main({ messages }) {
  // The careful one first: memory that the other has used and given back would hide what this one takes.
  const careful = await send(`at most ${WINDOW} unanswered`, messages, WINDOW);
  row(await send('postMessage, nobody reads', messages, Infinity));
  row(careful);
}

if (isMainThread) await main(params({ messages: 20_000 }));
else receive();
