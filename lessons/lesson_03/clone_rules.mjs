// What survives a message to a worker? Send it, and let the worker say what it got.
//
//     node lessons/lesson_03/clone_rules.mjs
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, params, row } from '../reporter.mjs';

globalThis.setting = 'the parent set this';

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  length() {
    return Math.hypot(this.x, this.y);
  }
}

const twice = { name: 'twice' };
const circle = { name: 'circle' };
circle.self = circle;

/** What is sent, and what the worker looks at. */
const plain = {
  'Point with a method': { send: () => new Point(3, 4), look: (it) => `${it.constructor.name} ${JSON.stringify(it)}, length: ${typeof it.length}` },
  'Date': { send: () => new Date(0), look: (it) => `${it.constructor.name} of ${it.getUTCFullYear()}` },
  'Map': { send: () => new Map([['a', 1]]), look: (it) => `${it.constructor.name} with ${it.size} entry` },
  'RangeError': { send: () => new RangeError('too far'), look: (it) => `${it.name}: ${it.message}` },
  'object in itself': { send: () => circle, look: (it) => (it.self === it ? 'still in itself' : 'taken apart') },
  'one object, twice': { send: () => [twice, twice], look: ([a, b]) => (a === b ? 'one object, twice' : 'two objects') },
  'function': { send: () => (x) => x + 1, look: (it) => typeof it },
  'object with a method': { send: () => ({ n: 1, add() {} }), look: (it) => typeof it },
  'symbol': { send: () => Symbol('s'), look: (it) => typeof it },
};

/** The worker. */
function look() {
  globalThis.setting = 'the worker changed it';
  parentPort.on('message', ({ what, it }) => {
    if (what === 'setting') return parentPort.postMessage(globalThis.setting);
    if (what in plain) return parentPort.postMessage(plain[what].look(it));
    new Uint8Array(it).fill(7); // the bytes of a buffer: change them
    parentPort.postMessage(`${it.byteLength} bytes, filled with 7`);
  });
}

async function main() {
  const worker = new Worker(new URL(import.meta.url));
  lane(threadId, 'main');
  lane(worker.threadId, 'worker');

  // region send it, look what arrives
  async function send(what, it, transfer) {
    try {
      worker.postMessage({ what, it }, transfer); // <-
    } catch (error) {
      return { arrived: '', sender: error.name, failed: error.name };
    }
    return { arrived: (await once(worker, 'message'))[0], sender: '', failed: '' };
  }
  // endregion

  for (const [what, { send: make }] of Object.entries(plain)) row({ variant: what, ...(await send(what, make())) });

  const told = (view) => `view: ${view.length} bytes` + (view.length ? `, the first is ${view[0]}` : '');
  const copied = new Uint8Array(8);
  row({ variant: 'buffer, copied', ...(await send('', copied.buffer)), sender: told(copied), first: copied[0] });

  const moved = new Uint8Array(8), other = new Uint16Array(moved.buffer, 2);
  const outcome = await send('', moved.buffer, [moved.buffer]);
  row({ variant: 'buffer, moved', ...outcome, sender: told(moved), left: moved.length + other.length, views: 2 });

  const shared = new Uint8Array(new SharedArrayBuffer(8));
  row({ variant: 'buffer, shared', ...(await send('', shared.buffer)), sender: told(shared), first: shared[0] });

  row({ variant: 'global variable', ...(await send('setting')), sender: globalThis.setting });
  await worker.terminate();
}

if (isMainThread) await main(params({}));
else look();
