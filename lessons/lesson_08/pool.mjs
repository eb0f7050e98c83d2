// Eight tasks of 100 ms and two Workers: who runs what, and when? And what if a Worker dies, or nobody wants to wait?
//
//     node lessons/lesson_08/pool.mjs
//
// The first pool is our own, to see how little one is: Workers, those that are free, and a line of tasks.
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { lane, npmPackage, now, params, row, span } from '../reporter.mjs';
import task from './pool_task.mjs';

const FILE = fileURLToPath(import.meta.url);
const TASK = fileURLToPath(new URL('./pool_task.mjs', import.meta.url));
const SIZE = 2, TASKS = 8, TASK_MS = 100;

/** At most `size` Workers, each with one task at a time: first in, first out. */
class OwnPool {
  waiting = [];
  free = [];
  all = new Set();

  constructor(size) {
    for (let i = 0; i < size; i++) this.start();
  }

  start() {
    const worker = new Worker(FILE, { env: { ...process.env, OWN_POOL: '1' } });
    this.all.add(worker);
    this.free.push(worker);
    worker.on('message', (result) => {
      worker.task.resolve(result);
      worker.task = null;
      this.free.push(worker);
      this.next();
    });
    worker.on('exit', (code) => {
      this.all.delete(worker);
      this.free = this.free.filter((each) => each !== worker);
      worker.task?.reject(new Error(`the worker ended with exit code ${code}`));
      if (!this.closed) this.start(); // one that dies is replaced
      this.next();
    });
  }

  run(data) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ data, resolve, reject });
      this.next();
    });
  }

  // region hand a task to a worker that is free
  next() {
    while (this.free.length && this.waiting.length) { // <-
      const worker = this.free.shift();
      worker.task = this.waiting.shift();
      worker.postMessage(worker.task.data);
    }
  }
  // endregion

  async close() {
    this.closed = true;
    await Promise.all([...this.all].map((worker) => worker.terminate()));
  }
}

function atOnce(turns) {
  const changes = turns.flatMap(({ start, end }) => [[start, 1], [end, -1]]).sort((a, b) => a[0] - b[0]);
  let most = 0, running = 0;
  for (const [, change] of changes) most = Math.max(most, (running += change));
  return most;
}

async function eightTasks(variant, run) {
  await Promise.all(Array.from({ length: SIZE }, () => run({ ms: 20 }))); // all have started now
  const begin = now();
  const turns = await Promise.all(Array.from({ length: TASKS }, (_, i) => run({ number: i + 1, ms: TASK_MS })));
  for (const { number, thread, start, end } of turns) {
    lane(thread, 'worker');
    span(`task ${number}`, thread, start, end, { scene: variant });
  }
  const ended = turns.map((turn) => turn.end - begin).sort((a, b) => a - b);
  row({
    variant, threads: [...new Set(turns.map((turn) => turn.thread))].sort((a, b) => a - b), at_once: atOnce(turns),
    ended: ended.map((each) => Math.round(each / 1000)).join(' '), last_ns: Math.round(ended.at(-1) * 1000),
    order: [...turns].sort((a, b) => a.start - b.start).map((turn) => turn.number).join(' '),
  });
}

/** What becomes of a task whose Worker ends under it, and of the one after it. */
async function killed(variant, run) {
  const outcome = await run({ exit: true }).then((value) => `gave ${value}`, (error) => `rejects: ${error.message.split('\n')[0]}`);
  const { number } = await run({ number: 2, ms: 1 });
  row({ variant, threads: [], outcome, next: number === 2 });
}

async function withWorkerpool(size) {
  const variants = ['two workers: workerpool', 'killed: workerpool', 'time-out: workerpool'];
  const workerpool = await npmPackage('workerpool', ...variants);
  if (!workerpool) return;
  const pool = workerpool.pool(FILE, { maxWorkers: size, workerType: 'thread' });
  const run = (data) => pool.exec('task', [data]);
  await eightTasks(variants[0], run);
  await killed(variants[1], run);
  const begin = now();
  const outcome = await run({ ms: 10_000 }).timeout(TASK_MS).then(() => 'was there in time', (error) => `rejects: ${error.message}`);
  await run({ ms: 1 }); // there is a worker again
  const stopped = now() - begin < 5_000_000 ? 'it was stopped' : 'it ran to its end';
  row({ variant: variants[2], threads: [], outcome: `${outcome}; ${stopped}` });
  await pool.terminate();
}

async function withPiscina(size) {
  const Piscina = await npmPackage('piscina', 'two workers: piscina', 'killed: piscina');
  if (!Piscina) return;
  const pool = new Piscina({ filename: TASK, minThreads: size, maxThreads: size });
  pool.on('error', () => {}); // a worker that ends is told here, too
  await eightTasks('two workers: piscina', (data) => pool.run(data));
  await killed('killed: piscina', (data) => pool.run(data));
  await pool.destroy();
}

async function main({ size }) {
  const pool = new OwnPool(size);
  await eightTasks('two workers: our own pool', (data) => pool.run(data));
  await killed('killed: our own pool', (data) => pool.run(data));
  await pool.close();
  await withWorkerpool(size);
  await withPiscina(size);
}

if (isMainThread) await main(params({ size: SIZE }));
else if (process.env.OWN_POOL) parentPort.on('message', (data) => parentPort.postMessage(task(data)));
else (await npmPackage('workerpool')).worker({ task }); // started by workerpool
