// What a worker's end looks like from outside: which events come, and in which order?
//
//     node lessons/lesson_04/events.mjs
//
// Every worker says hello first, so that there is a message before it ends in one way or another.
import { spawn } from 'node:child_process';
import { createSecretKey } from 'node:crypto';
import { once } from 'node:events';
import { createContext } from 'node:vm';
import { isMainThread, MessageChannel, moveMessagePortToContext, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { lane, mark, now, row, span } from '../reporter.mjs';

const file = new URL(import.meta.url);

/** In a worker: the ways to end. */
// region four ways to end
const ends = {
  returns() {},
  throws() { throw new Error('no such room'); }, // <-
  'process.exit(3)'() { process.exit(3); },
  'is terminated'(cleanedUp) {
    try {
      for (;;); // until terminate() comes
    } finally {
      Atomics.store(cleanedUp, 0, 1);
    }
  },
};
// endregion

function work() {
  const { end, cleanedUp } = workerData;
  parentPort.postMessage('hello');
  ends[end](cleanedUp);
}

/** Run one worker; tell the events that its parent saw, in their order. */
async function watch(end) {
  const cleanedUp = new Int32Array(new SharedArrayBuffer(4));
  const scene = `worker ${end}`, start = now();
  let up;
  const worker = new Worker(file, { workerData: { end, cleanedUp } });
  const id = worker.threadId, events = [];
  lane(id, 'worker');
  const saw = (event) => {
    events.push(event);
    mark(event, threadId, { scene });
  };
  worker.on('online', () => {
    up = now();
    saw('online');
  });
  worker.on('message', () => saw('message'));
  worker.on('messageerror', () => saw('messageerror'));
  worker.on('error', (error) => saw(`error (${error.message})`));
  if (end === 'is terminated') worker.once('message', () => worker.terminate());
  const code = await new Promise((resolve) => worker.on('exit', resolve));
  saw(`exit ${code}`);
  span('starts', id, start, up, { state: 'starting', scene });
  span('runs', id, up, now(), { scene });
  row({
    variant: scene, threads: [id], events: events.join(' > '), code,
    after: end === 'is terminated' ? (cleanedUp[0] ? 'finally was run' : 'finally was skipped') : 'the parent runs on',
  });
}

/** The same error in a program that has no `error` listener: its own process, as it does not survive. */
async function nobodyListens() {
  const code = "new (require('node:worker_threads').Worker)('throw new Error(1)', { eval: true }); setTimeout(() => {}, 60_000)";
  const child = spawn(process.execPath, ['-e', code], { stdio: 'ignore' });
  const [exit] = await once(child, 'exit');
  row({
    variant: 'worker throws, no error listener', threads: [child.pid], events: `exit ${exit} of the process`, code: exit,
    after: exit ? 'the parent died too' : 'the parent runs on',
  });
}

/** What cannot be copied fails where it is sent. */
function uncloneable() {
  const { port1, port2 } = new MessageChannel();
  const events = [];
  port2.on('message', () => events.push('message')).on('messageerror', () => events.push('messageerror'));
  try {
    port1.postMessage({ callback: () => {} });
  } catch (error) {
    events.push(`${error.name} at the sender`);
  }
  port1.close();
  return once(port2, 'close').then(() => row({
    variant: 'a function is posted', threads: [threadId], events: events.join(' > '),
    after: events.includes('message') ? 'it arrived' : 'nothing was sent',
  }));
}

/** What can be sent, but not unpacked where it arrives: here a key of node:crypto, in a world without node:crypto. */
async function unreadable() {
  const { port1, port2 } = new MessageChannel();
  const events = [];
  let code;
  const moved = moveMessagePortToContext(port2, createContext());
  const arrived = new Promise((resolve) => {
    moved.onmessage = ({ data }) => resolve(events.push(`message (${data})`));
    moved.onmessageerror = ({ data }) => {
      events.push('messageerror');
      code = data.code;
    };
  });
  moved.start();
  port1.postMessage(createSecretKey(Buffer.from('a secret')));
  port1.postMessage('next');
  await arrived;
  port1.close();
  row({
    variant: 'a key is posted to another context', threads: [threadId], events: events.join(' > '), code,
    after: 'the next one arrived',
  });
}

async function main() {
  lane(threadId, 'main');
  for (const end of Object.keys(ends)) await watch(end);
  await nobodyListens();
  await uncloneable();
  await unreadable();
}

if (isMainThread) await main();
else work();
