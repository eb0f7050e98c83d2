// A worker sends numbers, eight at a time: by messages, and through a ring buffer in shared memory.
//
//     node lessons/lesson_06/ring.mjs
//
// The ring has so many slots. The sender fills the next one, the receiver empties it; whoever finds the ring full, or
// empty, sleeps. Two counters say how far either has come: each is written by one side alone. They have 32 bits and wrap
// round after 2^31 - 1, so every difference is taken in 32 bits (`| 0`), and SLOTS is a power of two.
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

const SLOTS = 256, NUMBERS = 8;
const SENT = 0, RECEIVED = 1; // words

class Ring {
  static BYTES = 8 + 8 * SLOTS * NUMBERS;

  constructor(block) {
    this.words = new Int32Array(block, 0, 2);
    this.slots = new Float64Array(block, 8);
  }

  /** Put numbers into the next slot; sleep while there is none free. */
  // region send a slot
  send(numbers) {
    const sent = this.words[SENT]; // nobody else writes it
    for (let received; ((sent - (received = Atomics.load(this.words, RECEIVED))) | 0) === SLOTS; ) {
      Atomics.wait(this.words, RECEIVED, received);
    }
    const slot = (sent & (SLOTS - 1)) * NUMBERS; // right for negative numbers, too
    for (let i = 0; i < NUMBERS; i++) this.slots[slot + i] = numbers[i];
    Atomics.store(this.words, SENT, (sent + 1) | 0); // only now may the receiver look at them // <-
    if (Atomics.load(this.words, RECEIVED) === sent) Atomics.notify(this.words, SENT); // it may have gone to sleep
  }
  // endregion

  /** Take the numbers out of the next slot; sleep while there are none. */
  receive(numbers) {
    const received = this.words[RECEIVED];
    while (Atomics.load(this.words, SENT) === received) Atomics.wait(this.words, SENT, received);
    const slot = (received & (SLOTS - 1)) * NUMBERS;
    for (let i = 0; i < NUMBERS; i++) numbers[i] = this.slots[slot + i];
    Atomics.store(this.words, RECEIVED, (received + 1) | 0); // only now may the sender fill the slot again
    if (((Atomics.load(this.words, SENT) - received) | 0) === SLOTS) Atomics.notify(this.words, RECEIVED);
  }
}

/** The worker sends; it notes how far it was ahead of the receiver at most. */
function sender({ block, progress }) {
  const ring = new Ring(block);
  const numbers = new Float64Array(NUMBERS);
  const ahead = (sent) => sent - Atomics.load(progress, 0);
  parentPort.on('message', ({ how, count }) => {
    let most = 0;
    for (let sent = 0; sent < count; sent++) {
      numbers[0] = sent;
      if (how === 'ring') ring.send(numbers);
      else parentPort.postMessage(numbers); // a copy is made
      most = Math.max(most, ahead(sent + 1));
    }
    parentPort.postMessage({ id: threadId, most });
  });
}

async function main() {
  const block = new SharedArrayBuffer(Ring.BYTES);
  const progress = new Int32Array(new SharedArrayBuffer(4)); // how many this thread has received
  const worker = new Worker(new URL(import.meta.url), { workerData: { block, progress } });

  /** Have so many sent and receive them; tell how long that took, and whether they came in order. */
  function transfer(variant, how, count, receive) {
    return new Promise((resolve, reject) => {
      progress[0] = 0;
      let inOrder = 0;
      const got = (numbers) => {
        inOrder += numbers[0] === progress[0];
        Atomics.add(progress, 0, 1);
      };
      const start = now();
      worker.removeAllListeners();
      worker.once('error', reject);
      worker.on('message', (message) => {
        if (message instanceof Float64Array) return got(message);
        const end = now();
        span(variant, message.id, start, end);
        span(variant, threadId, start, end);
        resolve({ variant, threads: [message.id, threadId], count, in_order: inOrder, ahead: message.most,
          per_second: Math.round((count * 1e6) / (end - start)), ns_per_op: Math.round(((end - start) * 1000) / count) });
      });
      worker.postMessage({ how, count });
      receive?.(got);
    });
  }

  const ring = new Ring(block);
  const fromRing = (count) => (got) => {
    const numbers = new Float64Array(NUMBERS);
    for (let i = 0; i < count; i++) {
      ring.receive(numbers);
      got(numbers);
    }
  };
  await transfer('warm-up', 'messages', 5_000);
  row(await transfer('messages', 'messages', 50_000));
  await transfer('warm-up', 'ring', 5_000, fromRing(5_000));
  row(await transfer(`ring of ${SLOTS} slots`, 'ring', 200_000, fromRing(200_000)));
  await worker.terminate();
}

params({});
if (isMainThread) await main();
else sender(workerData);
