// What can a message do to the worker that reads it?
//
//     node lessons/lesson_09/unsafe_messages.mjs
//
// Mallory sends a hostile message; what it does is harmless here: it leaves a mark in a worker made for that. Then the
// same worker serves Bob, who sends nothing but his name. Is he an admin now?
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { row } from '../reporter.mjs';

/** Copy changes into a user's settings, as deep as they go: found in many programs, and wrong. */
// region a deep merge
function merge(target, changes) {
  for (const key of Object.keys(changes)) {
    if (typeof changes[key] === 'object') merge(target[key] ??= {}, changes[key]); // <-
    else target[key] = changes[key];
  }
  return target;
}
// endregion

/** The same for the fields that a user is known to have; anything else is an error that names it. */
function mergeKnown(target, changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (key !== 'name' || typeof value !== 'string') throw new TypeError(`unknown field: ${key}`);
    target.name = value;
  }
  return target;
}

const handlers = {
  'a deep merge': (message) => merge({ name: '' }, message),
  'a merge of known fields': (message) => mergeKnown({ name: '' }, message),
  'new Function(message)': (message) => new Function(message)(),
  'JSON.parse(message)': (message) => JSON.parse(message),
};

const isAdmin = () => (({}).admin ? 'Bob is an admin' : 'Bob is no admin');

/** The worker: it handles what comes, and tells what became of that. */
function serve() {
  parentPort.on('message', ({ how, message }) => {
    let did;
    try {
      handlers[how](message);
      did = globalThis.mark ?? (({}).admin ? 'changed every object' : 'nothing');
    } catch (error) {
      did = `refused: ${error.message}`;
    }
    parentPort.postMessage({ did, next: isAdmin() });
  });
}

const POLLUTE = JSON.parse('{"__proto__": {"admin": true}}'); // a key like any other, and postMessage copies it
const RUN = 'globalThis.mark = "its code ran"';
const BOB = { name: 'Bob' };

/** Send these messages to one worker, one after the other; what it told of the first, and of the last. */
async function talk(how, ...messages) {
  const worker = new Worker(new URL(import.meta.url));
  const told = [];
  for (const message of messages) {
    worker.postMessage({ how, message });
    told.push((await once(worker, 'message'))[0]);
  }
  const id = worker.threadId;
  await worker.terminate();
  return { threads: [id], did: told[0].did, next: told.at(-1).next };
}

async function main() {
  row({ variant: 'a deep merge', ...(await talk('a deep merge', POLLUTE, BOB)) });
  row({ variant: 'the main thread meanwhile', threads: [threadId], did: '', next: isAdmin() });
  row({ variant: 'a new worker', ...(await talk('a deep merge', BOB)), did: '' });
  row({ variant: 'a merge of known fields', ...(await talk('a merge of known fields', POLLUTE, BOB)) });
  row({ variant: 'new Function(message)', ...(await talk('new Function(message)', RUN)), next: '' });
  row({ variant: 'JSON.parse(message)', ...(await talk('JSON.parse(message)', JSON.stringify(RUN))), next: '' });
}

if (isMainThread) await main();
else serve();
