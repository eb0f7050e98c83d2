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
      blur(source, target, size, first, last);
      rows = last - first;
    } else {
      // these rows belong to nobody else then
      while ((first = Atomics.add(nextRow, 0, FEW)) < size.height) {
        last = Math.min(first + FEW, size.height);
        blur(source, how === 'in place' ? source : target, size, first, last);
        rows += last - first;
      }
    }
    parentPort.postMessage({ id: threadId, start, end: now(), rows });
  });
}

async function main({ threads, save }) {
  const { width, height, pixels } = readPicture();
  const size = { width, height }, bytes = pixels.length;

  const serial = new Uint8Array(bytes);
  blur(pixels, serial, size, 0, FEW); // to warm up
  const start = now();
  blur(pixels, serial, size, 0, height);
  tell('one thread', [threadId], now() - start, [height], serial, 0);

  const [source, target] = [1, 2].map(() => new Uint8Array(new SharedArrayBuffer(bytes)));
  const nextRow = new Int32Array(new SharedArrayBuffer(4));
  const data = { workerData: { source, target, nextRow, size } };
  const workers = Array.from({ length: threads }, () => new Worker(new URL(import.meta.url), data));
  await ask([{ how: 'strip', first: 0, last: FEW }]); // to warm up

  function ask(orders) {
    return Promise.all(workers.map(async (worker, number) => {
      const answer = once(worker, 'message');
      worker.postMessage(orders[number % orders.length]);
      return (await answer)[0];
    }));
  }

  /** Let the workers blur, each according to its order, and compare with what one thread made. */
  async function divided(variant, orders) {
    source.set(pixels);
    target.fill(0);
    nextRow[0] = 0;
    const start = now();
    const turns = await ask(orders);
    const took = now() - start;
    for (const turn of turns) span(variant, turn.id, turn.start, turn.end);
    const result = (variant === 'in place' ? source : target).slice();
    const sent = workers.reduce((sum, _, number) => sum + serialize(orders[number % orders.length]).length, 0);
    tell(variant, turns.map((turn) => turn.id), took, turns.map((turn) => turn.rows), result, sent);
    return result;
  }

  function tell(variant, ids, took, rows, result, sent) {
    let differs = 0;
    for (let i = 0; i < bytes; i++) differs += result[i] !== serial[i];
    row({
      variant, threads: ids, took_ns: Math.round(took * 1000), rows: rows.reduce((a, b) => a + b), shares: rows, differs,
      bytes, sha256: createHash('sha256').update(result).digest('hex').slice(0, 12), sent,
    });
  }

  const bound = (number) => Math.floor((height * number) / threads);
  const strips = workers.map((_, number) => ({ how: 'strip', first: bound(number), last: bound(number + 1) }));
  const parallel = await divided('a strip each', strips);
  await divided('the next rows, please', [{ how: 'next' }]);
  await divided('in place', [{ how: 'in place' }]);
  await Promise.all(workers.map((worker) => worker.terminate()));
  if (save) await saveAsPng(save, { original: pixels, serial, parallel }, size);
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
