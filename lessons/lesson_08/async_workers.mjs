// Ten tasks that only wait, and a few Workers: does a Worker wait for one at a time, or for all of them?
//
//     node lessons/lesson_08/async_workers.mjs
//
// Each Worker has its own event loop. Then the same with real pages: a server on this machine, which takes its time for
// each page, and Workers that fetch the pages and count the links in them. And: do timers go on in a worker that rests?
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { npmPackage, now, params, row } from '../reporter.mjs';
import ticks from './timer_task.mjs';

const FILE = fileURLToPath(import.meta.url);
const TIMER = fileURLToPath(new URL('./timer_task.mjs', import.meta.url));
const WORKERS = 2, TASKS = 10, WAIT_MS = 50, REST_MS = 100;

// ---- in a Worker: it begins every task it is given, and says when one begins and when it is done

const tasks = {
  wait: () => sleep(WAIT_MS),
  async fetch({ port, number }) {
    const page = await (await fetch(`http://127.0.0.1:${port}/page/${number}`)).text();
    return page.match(/<a href="\/page\/\d+">/g).length;
  },
  ticks,
};

async function begin({ name, ...data }) {
  parentPort.postMessage({ begun: true });
  parentPort.postMessage({ result: await tasks[name](data) });
}

// ---- in the main thread

/** Do all tasks on so many Workers, each with up to `atATime` of them under way. */
async function spread(list, workers, atATime) {
  const waiting = [...list], results = [];
  let running = 0, most = 0;
  const crew = await Promise.all(Array.from({ length: workers }, async () => {
    const worker = new Worker(FILE, { workerData: { serves: true } });
    await once(worker, 'message'); // it is ready
    return worker;
  }));
  const begun = now();
  const threads = crew.map((worker) => worker.threadId);
  await Promise.all(crew.map((worker) => new Promise((resolve, reject) => {
    let mine = 0;
    // region up to so many at a time
    const next = () => {
      while (mine < atATime && waiting.length) { // <-
        mine++;
        worker.postMessage(waiting.shift());
      }
      if (mine === 0) resolve();
    };
    // endregion
    worker.on('error', reject);
    worker.on('message', (message) => {
      if (message.begun) return void (most = Math.max(most, ++running));
      running--;
      mine--;
      results.push(message.result);
      next();
    });
    next();
  })));
  const took = now() - begun;
  await Promise.all(crew.map((worker) => worker.terminate()));
  return { results, threads, at_once: most, took_ns: Math.round(took * 1000) };
}

async function waits(variant, workers, atATime) {
  const { results, ...seen } = await spread(Array(TASKS).fill({ name: 'wait' }), workers, atATime);
  row({ variant, tasks: results.length, ...seen });
}

function page(number) {
  const links = Array.from({ length: number + 1 }, (_, n) => `<a href="/page/${n}">page ${n}</a> `).join('');
  return `<html><title>page ${number}</title>${links}</html>`;
}

async function scrape(variant, workers, atATime) {
  let open = 0, most = 0;
  const server = createServer(async ({ url }, response) => {
    most = Math.max(most, ++open);
    await sleep(WAIT_MS);
    open--;
    response.end(page(Number(url.split('/').at(-1))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  const list = Array.from({ length: TASKS }, (_, number) => ({ name: 'fetch', port, number }));
  const { results, threads, took_ns } = await spread(list, workers, atATime);
  server.closeAllConnections();
  server.close();
  row({ variant, threads, tasks: results.length, at_once: most, links: results.reduce((a, b) => a + b), took_ns });
}

/** A task starts a timer and returns; then the worker has nothing to do; the next task counts how often the timer fired. */
async function timer(variant, run) {
  await run();
  await sleep(REST_MS);
  row({ variant, threads: [], ...(await run()) });
}

async function timers() {
  const worker = new Worker(FILE, { workerData: { serves: true } });
  await once(worker, 'message');
  await timer('a timer at rest: a Worker of our own', async () => {
    worker.postMessage({ name: 'ticks' });
    for (;;) {
      const [message] = await once(worker, 'message');
      if (!message.begun) return message.result;
    }
  });
  await worker.terminate();
  const variants = ['a timer at rest: piscina', 'a timer at rest: piscina, atomics: disabled'];
  const Piscina = await npmPackage('piscina', ...variants);
  for (const [variant, atomics] of Piscina ? [[variants[0], 'sync'], [variants[1], 'disabled']] : []) {
    const pool = new Piscina({ filename: TIMER, minThreads: 1, maxThreads: 1, atomics });
    await timer(variant, () => pool.run());
    await pool.destroy();
  }
}

async function main({ workers }) {
  await waits('1 worker, awaits all of them', 1, TASKS);
  await waits('2 workers, one task at a time', workers, 1);
  await waits('2 workers, five tasks at a time', workers, TASKS / workers);
  await scrape('scraping, one page at a time', workers, 1);
  await scrape('scraping, five pages at a time', workers, TASKS / workers);
  await timers();
}

if (isMainThread) await main(params({ workers: WORKERS }));
else if (workerData?.serves) {
  parentPort.on('message', begin);
  parentPort.postMessage('ready');
}
