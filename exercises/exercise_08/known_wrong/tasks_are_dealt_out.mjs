// belief: tasks can be dealt out to the workers as they come
// fails: cancelled_before
// says: ran all the same

// Each worker has a line of its own, which is out of reach: what was posted cannot be taken back.

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
    const task = { data };
    task.settled = new Promise((resolve, reject) => Object.assign(task, { resolve, reject }));
    signal?.addEventListener('abort', () => {
      if ([...this.members].every(({ tasks }) => tasks[0] !== task)) task.reject(signal.reason);
    });
    const [member] = [...this.members].sort((a, b) => a.tasks.length - b.tasks.length);
    member.tasks.push(task);
    member.worker.postMessage({ data });
    return task.settled;
  }

  start() {
    const worker = new Worker(new URL(import.meta.url), { workerData: { serves: this.file } });
    const member = { worker, tasks: [] };
    this.members.add(member);
    worker.on('message', (answer) => {
      const task = member.tasks.shift();
      if ('error' in answer) task.reject(answer.error);
      else task.resolve(answer.value);
    });
    worker.on('error', () => {});
    worker.on('exit', (code) => {
      this.members.delete(member);
      for (const task of member.tasks) task.reject(new Error(`the worker ended with exit code ${code}`));
      if (!this.closed) this.start();
    });
  }

  async close() {
    this.closed = true;
    const members = [...this.members];
    await Promise.allSettled(members.flatMap(({ tasks }) => tasks.map((task) => task.settled)));
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
