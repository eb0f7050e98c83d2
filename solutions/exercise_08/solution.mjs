// A pool of workers: one line of tasks that wait, and so many workers that are handed the next one.
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

/** Calls the default export of `file` in `size` workers: one task each at a time, first in first out. */
export class WorkerPool {
  #file;
  #waiting = []; // tasks that have not started: { data, signal, settled, resolve, reject, onAbort }
  #members = new Set(); // the workers that live, each with the task it is on: { worker, task }
  #closed = null; // the promise of close()

  constructor(file, size) {
    this.#file = file instanceof URL ? file.href : pathToFileURL(file).href; // a text, so that it can be sent
    for (let i = 0; i < size; i++) this.#start();
  }

  /** Let the function be called with `data` when its turn comes; the promise gets its result, or its error. */
  run(data, { signal } = {}) {
    if (this.#closed) return Promise.reject(new Error('the pool is closed'));
    if (signal?.aborted) return Promise.reject(signal.reason); // its `abort` event is over
    const task = { data, signal };
    task.settled = new Promise((resolve, reject) => Object.assign(task, { resolve, reject }));
    task.onAbort = () => {
      this.#waiting.splice(this.#waiting.indexOf(task), 1);
      task.reject(signal.reason);
    };
    signal?.addEventListener('abort', task.onAbort, { once: true });
    this.#waiting.push(task);
    this.#handOut();
    return task.settled;
  }

  /** Take no more tasks, fail those that wait; when those that run have ended, so do the workers. */
  close() {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  async #end() {
    await null; // #closed is set from here on: no worker is replaced
    for (const task of this.#waiting.splice(0)) {
      this.#begun(task);
      task.reject(new Error('the pool was closed before this task could start'));
    }
    await Promise.allSettled([...this.#members].map(({ task }) => task?.settled));
    await Promise.all([...this.#members].map(({ worker }) => worker.terminate()));
  }

  /** Give each worker that has nothing to do the task that waits longest. */
  #handOut() {
    for (const member of this.#members) {
      while (!member.task && this.#waiting.length) this.#send(this.#waiting.shift(), member);
    }
  }

  #send(task, member) {
    this.#begun(task);
    try {
      member.worker.postMessage({ data: task.data });
      member.task = task;
    } catch (error) { // the data cannot be sent: the worker is free for the next task
      task.reject(error);
    }
  }

  /** From here on its signal has no say. */
  #begun(task) {
    task.signal?.removeEventListener('abort', task.onAbort);
  }

  #start() {
    const worker = new Worker(new URL(import.meta.url), { workerData: { serves: this.#file } });
    const member = { worker, task: null };
    let failure;
    worker.on('message', (answer) => {
      const { task } = member;
      member.task = null;
      if ('error' in answer) task.reject(answer.error);
      else task.resolve(answer.value);
      this.#handOut();
    });
    worker.on('error', (error) => { failure = error; }); // an exit follows
    worker.on('exit', (code) => { // however it ended: with 0, too
      this.#members.delete(member);
      member.task?.reject(failure ?? new Error(`the worker ended with exit code ${code}`));
      if (this.#closed) return;
      this.#start();
      this.#handOut();
    });
    this.#members.add(member);
  }
}

/** In a worker: one task after the other. */
async function serve(file) {
  const { default: work } = await import(file);
  parentPort.on('message', async ({ data }) => {
    try {
      parentPort.postMessage({ value: await work(data) });
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });
}

if (!isMainThread && workerData?.serves) await serve(workerData.serves);
