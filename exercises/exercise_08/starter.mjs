// Exercise 8: a pool of workers. README.md says what it must do.

/** Calls the default export of `file` in `size` workers: one task each at a time, first in first out. */
export class WorkerPool {
  constructor(file, size) {
    this.file = file;
    this.size = size;
  }

  /** Let the function be called with `data` when its turn comes; give a Promise of what comes of it. */
  run(data, { signal } = {}) {
    throw new Error('not written yet: WorkerPool.run', { cause: 'unwritten' });
  }

  /** Take no more tasks, fail those that wait, let those that run end, and end the workers. */
  close() {
    throw new Error('not written yet: WorkerPool.close', { cause: 'unwritten' });
  }
}
