// Workers are started when they are needed, a channel is opened for every task, and close() fails the waiting ones last.
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';

const CODE = `
const { parentPort, workerData } = require('node:worker_threads');
const module = import(workerData);
parentPort.on('message', async ({ data, port }) => {
  let answer;
  try {
    answer = [true, await (await module).default(data)];
  } catch (error) {
    answer = [false, error];
  }
  port.postMessage(answer);
  port.close();
});
`;

export class WorkerPool {
  constructor(file, size) {
    this.url = (typeof file === 'string' ? pathToFileURL(file) : file).href;
    this.size = size;
    this.turns = []; // who waits for a worker
    this.idle = [];
    this.workers = new Set();
    this.jobs = new Set();
    this.over = false;
  }

  async run(data, { signal } = {}) {
    if (this.over) throw new Error('the pool is closed');
    signal?.throwIfAborted();
    const worker = await this.turn(signal);
    const job = this.job(worker, data);
    this.jobs.add(job);
    try {
      return await job;
    } finally {
      this.jobs.delete(job);
      if (this.workers.has(worker)) this.idle.push(worker);
      this.next();
    }
  }

  async turn(signal) {
    const turn = {};
    const taken = new Promise((take, leave) => Object.assign(turn, { take, leave }));
    const abort = () => {
      this.turns.splice(this.turns.indexOf(turn), 1);
      turn.leave(signal.reason);
    };
    const take = turn.take;
    turn.take = (worker) => {
      signal?.removeEventListener('abort', abort);
      take(worker);
    };
    signal?.addEventListener('abort', abort);
    this.turns.push(turn);
    this.next();
    return taken;
  }

  next() {
    while (!this.over && this.turns.length && (this.idle.length || this.workers.size < this.size)) {
      this.turns.shift().take(this.idle.pop() ?? this.start());
    }
  }

  start() {
    const worker = new Worker(CODE, { eval: true, workerData: this.url });
    this.workers.add(worker);
    worker.on('error', () => {});
    worker.on('exit', () => {
      this.workers.delete(worker);
      this.idle = this.idle.filter((each) => each !== worker);
      if (!this.over) this.idle.push(this.start());
      this.next();
    });
    return worker;
  }

  async job(worker, data) {
    const { port1, port2 } = new MessageChannel();
    worker.postMessage({ data, port: port2 }, [port2]);
    const exit = new Promise((resolve) => worker.once('exit', (code) => resolve([false, new Error(`exit code ${code}`)])));
    const [fine, value] = await Promise.race([once(port1, 'message').then(([answer]) => answer), exit]);
    port1.close();
    if (fine) return value;
    throw value;
  }

  async close() {
    this.over = true;
    await Promise.allSettled(this.jobs);
    for (const turn of this.turns.splice(0)) turn.leave(new Error('the pool was closed'));
    await Promise.all([...this.workers].map((worker) => worker.terminate()));
  }
}
