// The worker runs this very file; tasks wait in an array, and whoever is idle takes the first.
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

export class WorkerPool {
  constructor(file, size) {
    this.file = file instanceof URL ? file.href : pathToFileURL(file).href;
    this.waiting = [];
    this.members = new Set();
    this.closed = false;
    for (let i = 0; i < size; i++) this.start();
  }

  run(data, { signal } = {}) {
    if (this.closed) return Promise.reject(new Error('the pool is closed'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      structuredClone(data);
    } catch (error) { // it cannot be sent
      return Promise.reject(error);
    }
    const task = { data };
    task.settled = new Promise((resolve, reject) => Object.assign(task, { resolve, reject }));
    signal?.addEventListener('abort', () => {
      if (!this.waiting.includes(task)) return;
      this.waiting.splice(this.waiting.indexOf(task), 1);
      task.reject(signal.reason);
    });
    this.waiting.push(task);
    this.next();
    return task.settled;
  }

  next() {
    for (const member of this.members) {
      if (member.task || !this.waiting.length) continue;
      member.task = this.waiting.shift();
      member.worker.postMessage({ data: member.task.data });
    }
  }

  start() {
    const worker = new Worker(new URL(import.meta.url), { workerData: { serves: this.file } });
    const member = { worker, task: null };
    this.members.add(member);
    worker.on('message', (answer) => {
      const { task } = member;
      member.task = null;
      if ('error' in answer) task.reject(answer.error);
      else task.resolve(answer.value);
      this.next();
    });
    worker.on('error', () => {});
    worker.on('exit', (code) => {
      this.members.delete(member);
      member.task?.reject(new Error(`the worker ended with exit code ${code}`));
      if (this.closed) return;
      this.start();
      this.next();
    });
  }

  async close() {
    this.closed = true;
    for (const task of this.waiting.splice(0)) task.reject(new Error('the pool was closed'));
    const members = [...this.members];
    await Promise.allSettled(members.map(({ task }) => task?.settled));
    await Promise.all(members.map(({ worker }) => worker.terminate()));
  }
}

async function serve() {
  const { default: work } = await import(workerData.serves);
  parentPort.on('message', async ({ data }) => {
    try {
      parentPort.postMessage({ value: await work(data) });
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });
}

if (!isMainThread && workerData?.serves) await serve();
