// Which request does this log line belong to? Its id is in an AsyncLocalStorage; then the work goes to a pool.
//
//     node lessons/lesson_08/context.mjs
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, npmPackage, params, row } from '../reporter.mjs';
import logLine from './context_task.mjs';

const FILE = fileURLToPath(import.meta.url);
const TASK = fileURLToPath(new URL('./context_task.mjs', import.meta.url));
const REQUESTS = ['r-1', 'r-2', 'r-3'];
const request = new AsyncLocalStorage();

/** A pool of one Worker that calls back, as pools did before promises. It starts the Worker when the first task comes. */
// region a pool that calls back
class CallbackPool {
  waiting = [];

  run(data, callback) {
    this.worker ??= this.start();
    this.waiting.push(callback);
    this.worker.postMessage(data);
  }

  start() {
    const worker = new Worker(FILE, { env: { ...process.env, OWN_POOL: '1' } });
    lane(worker.threadId, 'worker');
    worker.on('message', (answer) => this.waiting.shift()(answer)); // <-
    return worker;
  }
}
// endregion

/** The same, and each callback is bound to the place where it was handed over: that is what AsyncResource is for. */
class TrackedPool extends CallbackPool {
  run(data, callback) {
    super.run(data, AsyncResource.bind(callback));
  }
}

/** Three requests at once; what a log line says in each, when the pool's answer has come. */
async function each(variant, handle) {
  const seen = await Promise.all(REQUESTS.map((name) => request.run(name, () => handle(name))));
  row({ variant, asked: REQUESTS.join(' '), seen: seen.join(' '), right: seen.filter((name, i) => name === REQUESTS[i]).length });
}

const here = () => request.getStore() ?? 'none';

async function withOwn(variant, pool) {
  await each(variant, () => new Promise((resolve) => pool.run({}, () => resolve(here()))));
  await pool.worker.terminate();
}

async function withPromises() {
  const pool = new CallbackPool();
  const run = (data) => new Promise((resolve) => pool.run(data, resolve));
  await each('our own pool, a promise', async () => { await run({}); return here(); });
  await each('in the Worker', () => run({}));
  await each('in the Worker, the id sent along', (name) => run({ sentAlong: name }));
  await pool.worker.terminate();
}

async function withWorkerpool() {
  const variant = 'workerpool: after await';
  const workerpool = await npmPackage('workerpool', variant);
  if (!workerpool) return;
  const pool = workerpool.pool(FILE, { maxWorkers: 1, workerType: 'thread' });
  await each(variant, async () => { await pool.exec('logLine', [{}]); return here(); });
  await pool.terminate();
}

async function withPiscina() {
  const variant = 'piscina: after await';
  const Piscina = await npmPackage('piscina', variant);
  if (!Piscina) return;
  const pool = new Piscina({ filename: TASK, minThreads: 1, maxThreads: 1 });
  await each(variant, async () => { await pool.run({}); return here(); });
  await pool.destroy();
}

async function main() {
  lane(threadId, 'main');
  await withOwn('our own pool, callbacks', new CallbackPool());
  await withOwn('our own pool, AsyncResource', new TrackedPool());
  await withPromises();
  await withWorkerpool();
  await withPiscina();
}

if (isMainThread) await main(params({}));
else if (process.env.OWN_POOL) parentPort.on('message', (data) => parentPort.postMessage(logLine(data)));
else (await npmPackage('workerpool')).worker({ logLine }); // started by workerpool
