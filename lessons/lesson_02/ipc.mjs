// What does a message cost? The same bytes go to a worker and come back, as often as they can.
//
//     node lessons/lesson_02/ipc.mjs
//
// A message between two threads of Node.js is copied (structured clone): the longer, the dearer. A message to another
// process also goes through a pipe of the system.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const SIZES = { '100 B': 100, '1 MB': 1_000_000 };
const FILE = fileURLToPath(import.meta.url);
const IS_CHILD = process.argv[2] === 'child';

/** The worker: sends back what comes, after a change of its first byte. */
// region the worker sends it back
function echo(port, send) {
  port.on('message', (message) => {
    message[0] = 1; // <-
    send(message);
  });
  send('ready');
}
// endregion

function call(message) {
  message[0] = 1;
  return message;
}

async function measure(variant, ids, roundTrip, seconds) {
  for (const [size, length] of Object.entries(SIZES)) {
    const message = new Uint8Array(length);
    await roundTrip(message);
    const arrives = message[0] ? 'as itself' : 'as a copy'; // did the worker change ours?
    const start = now();
    let trips = 0;
    for (; now() < start + seconds * 1e6; trips++) await roundTrip(message);
    const end = now();
    span(`${variant}, ${size}`, ids.thread, start, end, { process: ids.process });
    row({
      variant: `${variant}, ${size}`, threads: [ids.shown], arrives, trips,
      per_s: Math.round((trips * 1e6) / (end - start)), ns: Math.round(((end - start) * 1000) / trips / 2),
    });
  }
}

async function byMessage(variant, worker, send, seconds) {
  await once(worker, 'message'); // it is ready
  let arrived;
  worker.on('message', (message) => arrived(message));
  const ids = worker.threadId ? { thread: worker.threadId, shown: worker.threadId } : { process: worker.pid, thread: 0, shown: worker.pid };
  const roundTrip = (message) => new Promise((resolve) => { arrived = resolve; send(message); });
  await measure(variant, ids, roundTrip, seconds);
}

async function main({ seconds }) {
  await measure('function call', { thread: threadId, shown: threadId }, async (message) => call(message), seconds);

  const worker = new Worker(FILE);
  await byMessage('Worker, postMessage', worker, (message) => worker.postMessage(message), seconds);
  await worker.terminate();

  const child = fork(FILE, ['child'], { serialization: 'advanced' }); // as structured clone does it, not as JSON
  await byMessage('process, child.send', child, (message) => child.send(message), seconds);
  child.kill();
}

if (!isMainThread) echo(parentPort, (message) => parentPort.postMessage(message));
else if (IS_CHILD) echo(process, (message) => process.send(message));
else await main(params({ seconds: 0.1 }));
