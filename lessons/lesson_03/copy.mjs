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
const TRIPS = 12; // of a round with them: some 100 ms of work

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

  // Objects or text? Processor time tells, which a busy machine does not stretch: the medians of three rounds, in turn.
  const objects = Array.from({ length: OBJECTS }, (_, id) => ({ id, name: `item ${id}`, price: id / 7, tags: ['a', 'b'] }));
  const ways = {
    'as they are': () => trip('objects', TRIPS, () => ({ how: 'objects', data: objects })),
    'as JSON': () => trip('JSON', TRIPS, () => ({ how: 'JSON', data: JSON.stringify(objects) }), { read: JSON.parse }),
  };
  const rounds = [];
  for (let i = 0; i < 3; i++) for (const [how, go] of Object.entries(ways)) rounds.push({ how, ...(await working(go)) });
  for (const how of Object.keys(ways)) {
    const of = (cell) => ns(median(rounds.filter((round) => round.how === how).map((round) => round[cell])));
    const variant = `${OBJECTS.toLocaleString('en')} objects, ${how}`;
    row({ variant, copied_ns: of('trip'), blocked_ns: of('send'), cpu_ns: of('cpu') });
  }
  await worker.terminate();
}

/** What it gives, and the processor time (µs) that both threads took for one trip. */
async function working(go) {
  const before = process.cpuUsage();
  const told = await go();
  const { user, system } = process.cpuUsage(before);
  return { ...told, cpu: (user + system) / TRIPS };
}

const ns = (us) => Math.round(us * 1000);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

if (isMainThread) await main(params({}));
else change();
