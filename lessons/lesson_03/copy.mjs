// What does it cost to hand data to a worker and get it back: copied, moved, or shared?
//
//     node lessons/lesson_03/copy.mjs
//
// v1 copies: the message is a clone, and so is the answer.  v2 shares: both see the same bytes, and the worker
// changes them in place. Between the two: a buffer that is moved (transferred), so that only one side has it.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, now, params, row, span } from '../reporter.mjs';

const KIB = 1024, MIB = 1024 * KIB;
const SIZES = { '1 KiB': KIB, '64 KiB': 64 * KIB, '1 MiB': MIB, '64 MiB': 64 * MIB };
const OBJECTS = 5_000;

/** The worker: change the first byte, and give everything back the way it came. */
function change() {
  let shared;
  parentPort.on('message', ({ how, data }) => {
    if (how === 'JSON') return parentPort.postMessage(JSON.stringify(JSON.parse(data)));
    if (how === 'objects') return parentPort.postMessage(data);
    if (how === 'here it is') shared = new Uint8Array(data);
    const bytes = data ? new Uint8Array(data) : shared;
    bytes[0]++;
    if (how === 'copied') parentPort.postMessage(data);
    else if (how === 'moved') parentPort.postMessage(data, [data]);
    else parentPort.postMessage('done');
  });
}

async function main() {
  const worker = new Worker(new URL(import.meta.url));
  lane(worker.threadId, 'worker');

  /** Send and wait for the answer, several times. Gives the medians of the whole trip and of what the send took. */
  async function trip(what, times, message, { transfer = () => [], read = (answer) => answer } = {}) {
    const trips = [], sends = [];
    let answer;
    // region there and back
    for (let i = 0; i < times; i++) {
      const start = now();
      worker.postMessage(message(answer), transfer(answer)); // <-
      const sent = now();
      [answer] = await once(worker, 'message');
      answer = read(answer);
      trips.push(now() - start);
      sends.push(sent - start);
      span(what, threadId, start, sent);
    }
    // endregion
    return { trip: median(trips), send: median(sends), answer };
  }

  await trip('copied', 51, () => ({ how: 'copied', data: new ArrayBuffer(KIB) })); // the first ones warm up
  for (const [variant, bytes] of Object.entries(SIZES)) {
    const times = bytes > MIB ? 1 : bytes === MIB ? 15 : 51;
    const often = Math.max(times, 15); // what is cheap can be done often
    const fresh = new ArrayBuffer(bytes);
    const copied = await trip('copied', times, () => ({ how: 'copied', data: fresh }));

    const given = new ArrayBuffer(bytes);
    const data = (answer) => answer ?? given; // it comes back with every answer, and goes out again
    const moved = await trip('moved', often, (a) => ({ how: 'moved', data: data(a) }), { transfer: (a) => [data(a)] });

    const memory = new SharedArrayBuffer(bytes);
    worker.postMessage({ how: 'here it is', data: memory });
    await once(worker, 'message');
    const shared = await trip('shared', often, () => ({ how: 'shared' }));

    row({
      variant, bytes, copied_ns: ns(copied.trip), moved_ns: ns(moved.trip), shared_ns: ns(shared.trip),
      blocked_ns: ns(copied.send), factor: +(copied.trip / shared.trip).toFixed(1),
      original: new Uint8Array(fresh)[0], answered: new Uint8Array(copied.answer)[0],
      left: given.byteLength, seen: new Uint8Array(memory)[0], changes: often + 1,
    });
  }

  const objects = Array.from({ length: OBJECTS }, (_, id) => ({ id, name: `item ${id}`, price: id / 7, tags: ['a', 'b'] }));
  const cloned = [], text = []; // in turn, and the fastest of each: so both meet the same moments of a busy machine
  for (let i = 0; i < 25; i++) {
    cloned.push(await trip('objects', 1, () => ({ how: 'objects', data: objects })));
    text.push(await trip('JSON', 1, () => ({ how: 'JSON', data: JSON.stringify(objects) }), { read: JSON.parse }));
  }
  const label = `${OBJECTS.toLocaleString('en')} objects`;
  for (const [how, trips] of [['as they are', cloned], ['as JSON', text]]) {
    const fastest = trips.reduce((a, b) => (a.trip < b.trip ? a : b));
    row({ variant: `${label}, ${how}`, copied_ns: ns(fastest.trip), blocked_ns: ns(fastest.send) });
  }
  await worker.terminate();
}

const ns = (us) => Math.round(us * 1000);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

if (isMainThread) await main(params({}));
else change();
