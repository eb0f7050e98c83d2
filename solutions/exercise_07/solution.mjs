// A supervisor: jobs go to the least-loaded worker, dead workers are replaced, and every job settles exactly once.

/** Keeps `size` workers at work, until it is drained. */
export class Supervisor {
  #startWorker;
  #maxAttempts;
  #restartsLeft;
  #unfinished = new Map(); // live worker -> its tasks, in the order in which they were sent
  #unsettled = 0;
  #draining = false; // no new jobs
  #ending = false; // no new workers
  #waiting = []; // of drain(): [condition, resolve]

  constructor(startWorker, { size, maxAttempts, maxRestarts }) {
    this.#startWorker = startWorker;
    this.#maxAttempts = maxAttempts;
    this.#restartsLeft = maxRestarts;
    for (let i = 0; i < size; i++) this.#start();
  }

  /** Send the job to the least-loaded worker; the promise gets its result, or an error. */
  submit(job) {
    if (this.#draining) throw new Error('the supervisor takes no more jobs: it is being drained');
    return new Promise((resolve, reject) => {
      this.#unsettled++;
      const task = { job, resolve, reject, attempts: 0 };
      if (!this.#send(task)) this.#fail(task, 'no worker is left');
    });
  }

  /** Let what was submitted come to its end, then the workers. */
  async drain() {
    this.#draining = true;
    await this.#until(() => this.#unsettled === 0);
    this.#ending = true;
    for (const worker of [...this.#unfinished.keys()]) worker.kill();
    await this.#until(() => this.#unfinished.size === 0);
  }

  #start() {
    const worker = this.#startWorker();
    this.#unfinished.set(worker, []);
    worker.on('result', (result) => this.#onResult(worker, result));
    worker.on('exit', (code) => this.#onExit(worker, code));
  }

  /** Whether there was a worker to send it to, and an attempt left. */
  #send(task) {
    if (task.attempts === this.#maxAttempts || this.#unfinished.size === 0) return false;
    const [worker, tasks] = [...this.#unfinished].reduce((a, b) => (b[1].length < a[1].length ? b : a));
    task.attempts++;
    tasks.push(task);
    worker.send(task.job);
    return true;
  }

  #onResult(worker, result) {
    const task = this.#unfinished.get(worker)?.shift();
    if (!task) return;
    task.resolve(result);
    this.#unsettled--;
    this.#look();
  }

  #onExit(worker, code) {
    const tasks = this.#unfinished.get(worker);
    this.#unfinished.delete(worker);
    if (this.#restartsLeft > 0 && !this.#ending) {
      this.#restartsLeft--;
      this.#start();
    }
    for (const task of tasks) if (!this.#send(task)) this.#fail(task, `its worker ended with exit code ${code}`);
    this.#look();
  }

  #fail(task, why) {
    task.reject(new Error(`the job was tried ${task.attempts} times: ${why}`));
    this.#unsettled--;
    this.#look();
  }

  #until(condition) {
    return new Promise((resolve) => {
      this.#waiting.push([condition, resolve]);
      this.#look();
    });
  }

  #look() {
    for (const [condition, resolve] of this.#waiting) if (condition()) resolve();
  }
}
