// Blur a picture in shared memory: by one thread, and by workers that divide its rows. Is the result the same?
//
//     node lessons/lesson_06/image.mjs
//
// Each pixel becomes the mean of the square around it. The workers share two pictures: they read from one and write
// into the other, so nobody reads what has been blurred already. Only row numbers are sent.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { gunzipSync } from 'node:zlib';
import { now, npmPackage, params, row, span } from '../reporter.mjs';

const REACH = 4; // pixels to each side
const SIDE = 2 * REACH + 1;
const FEW = 8; // rows, for those who fetch more when they are done
const ROUNDS = 3; // of which the median is told
const PASSES = 2; // a picture alone takes some 85 ms: too little to compare

function readPicture() {
  const bytes = gunzipSync(readFileSync(new URL('picture.ppm.gz', import.meta.url)));
  const [head, width, height] = bytes.toString('latin1', 0, 20).match(/^P6\n(\d+) (\d+)\n255\n/);
  return { width: Number(width), height: Number(height), pixels: new Uint8Array(bytes.subarray(head.length)) };
}

const clamp = (value, most) => Math.min(Math.max(value, 0), most);

/** Blur the rows from first to last, three bytes a pixel. What lies beyond the picture's edge repeats it. */
function blur(source, target, { width, height }, first, last) {
  const columns = Int32Array.from({ length: width + 2 * REACH }, (_, i) => 3 * clamp(i - REACH, width - 1));
  for (let y = first; y < last; y++) {
    for (let x = 0; x < width; x++) {
      for (let colour = 0; colour < 3; colour++) {
        let sum = 0;
        for (let down = -REACH; down <= REACH; down++) {
          const line = 3 * width * clamp(y + down, height - 1) + colour;
          for (let right = 0; right < SIDE; right++) sum += source[line + columns[x + right]];
        }
        target[3 * (y * width + x) + colour] = Math.floor(sum / SIDE ** 2);
      }
    }
  }
}

/** A worker: blur the rows that are asked for, or those that are next, until there are no more. */
function work({ source, target, nextRow, size }) {
  parentPort.on('message', ({ how, first, last }) => {
    const start = now();
    let rows = 0;
    if (how === 'strip') {
      for (let pass = 0; pass < PASSES; pass++) blur(source, target, size, first, last);
      rows = last - first;
    } else {
      // these rows belong to nobody else then
      // region the next rows, please
      while ((first = Atomics.add(nextRow, 0, FEW)) < size.height) {
        last = Math.min(first + FEW, size.height);
        blur(source, how === 'in place' ? source : target, size, first, last); // <-
        rows += last - first;
      }
      // endregion
    }
    parentPort.postMessage({ id: threadId, start, end: now(), rows });
  });
}

async function main({ threads, save }) {
  const { width, height, pixels } = readPicture();
  const size = { width, height }, serial = new Uint8Array(pixels.length);
  const [source, target] = [1, 2].map(() => new Uint8Array(new SharedArrayBuffer(pixels.length)));
  const nextRow = new Int32Array(new SharedArrayBuffer(4));
  const data = { workerData: { source, target, nextRow, size } };
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), data));

  const bound = (number) => Math.floor((height * number) / threads);
  const strips = workers.map((_, number) => ({ how: 'strip', first: bound(number), last: bound(number + 1) }));
  const few = workers.map(() => ({ how: 'next' })), inPlace = workers.map(() => ({ how: 'in place' }));

  /** Blur in this thread. */
  function alone() {
    const start = now();
    for (let pass = 0; pass < PASSES; pass++) blur(pixels, serial, size, 0, height);
    const end = now();
    return { took: (end - start) / PASSES, turns: [{ id: threadId, start, end, rows: height }], result: serial };
  }

  /** Let the workers blur, each according to its order: how long that took, who did what, and what came of it. */
  async function divided(orders) {
    source.set(pixels);
    target.fill(0);
    nextRow[0] = 0;
    const start = now();
    const answers = workers.map((worker) => once(worker, 'message'));
    workers.forEach((worker, number) => worker.postMessage(orders[number]));
    const turns = (await Promise.all(answers)).flat();
    const took = (now() - start) / (orders === strips ? PASSES : 1);
    return { took, turns, result: (orders === inPlace ? source : target).slice() };
  }

  /** A row about several rounds: the median time for one picture, and the bytes that were wrong in the worst. */
  function tell(variant, rounds, orders = []) {
    for (const { id, start, end } of rounds.flatMap((round) => round.turns)) span(variant, id, start, end);
    const { took, turns, result } = rounds.toSorted((a, b) => a.took - b.took)[Math.floor(rounds.length / 2)];
    const differing = ({ result }) => result.reduce((count, byte, i) => count + (byte !== serial[i]), 0);
    row({
      variant, threads: turns.map((turn) => turn.id), took_ns: Math.round(took * 1000),
      shares: turns.map((turn) => turn.rows), rows: turns.reduce((sum, turn) => sum + turn.rows, 0),
      bytes: result.length, differs: Math.max(...rounds.map(differing)),
      sent: orders.reduce((sum, order) => sum + serialize(order).length, 0),
      sha256: createHash('sha256').update(result).digest('hex').slice(0, 12),
    });
  }

  const one = [], several = [];
  for (let round = 0; round < ROUNDS; round++) { // in turn, so that both meet the same moments of a busy machine
    one.push(alone());
    several.push(await divided(strips));
  }
  tell('one thread', one);
  tell('a strip each', several, strips);
  tell('the next rows, please', [await divided(few)], few);
  tell('in place', [await divided(inPlace)], inPlace);
  await Promise.all(workers.map((worker) => worker.terminate()));
  if (save) await saveAsPng(save, { original: pixels, serial, parallel: several[0].result }, size);
}

async function saveAsPng(folder, pictures, size) {
  const png = await npmPackage('fast-png', 'saved as PNG');
  if (!png) return;
  const files = Object.entries(pictures).map(([name, data]) => {
    const file = join(folder, `node-${process.versions.node.split('.')[0]}-${name}.png`);
    writeFileSync(file, png.encode({ ...size, data, channels: 3 }));
    return file;
  });
  row({ variant: 'saved as PNG', files });
}

if (isMainThread) await main(params({ threads: 2, save: '' }));
else work(workerData);
