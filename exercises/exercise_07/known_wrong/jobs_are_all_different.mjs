// belief: a job can be found by its value
// fails: the_same_job_twice
// says: the futures have

// The second of two equal jobs takes the place of the first one, which nobody settles.

export class Supervisor {
  #startWorker;
  #maxAttempts;
  #restartsLeft;
  #queues = new Map();
  #unsettled = 0;
  #tasks = new Map(); // by job
  #draining = false;
  #ending = false;
  #settled = () => {};
  #gone = () => {};

  constructor(startWorker, { size, maxAttempts, maxRestarts }) {
    this.#startWorker = startWorker;
    this.#maxAttempts = maxAttempts;
    this.#restartsLeft = maxRestarts;
    for (let i = 0; i < size; i++) this.#start();
  }

  submit(job) {
    if (this.#draining) return Promise.reject(new Error('no more jobs'));
    return new Promise((resolve, reject) => {
      this.#unsettled++;
      const task = { job, resolve, reject, attempts: 0 };
      if (!this.#send(task)) this.#fail(task);
    });
  }

  async drain() {
    this.#draining = true;
    if (this.#unsettled) await new Promise((resolve) => { this.#settled = resolve; });
    this.#ending = true;
    for (const worker of this.#queues.keys()) worker.kill();
    if (this.#queues.size) await new Promise((resolve) => { this.#gone = resolve; });
  }

  #start() {
    const worker = this.#startWorker();
    this.#queues.set(worker, []);
    worker.on('result', (result) => this.#onResult(worker, result));
    worker.on('exit', (code) => this.#onExit(worker, code));
  }

  #send(task) {
    if (task.attempts === this.#maxAttempts || !this.#queues.size) return false;
    const [worker, queue] = [...this.#queues].reduce((a, b) => (b[1].length < a[1].length ? b : a));
    task.attempts++;
    this.#tasks.set(task.job, task);
    queue.push(task.job);
    worker.send(task.job);
    return true;
  }

  #onResult(worker, result) {
    const job = this.#queues.get(worker)?.shift();
    const task = this.#tasks.get(job);
    if (!task) return;
    this.#tasks.delete(job);
    task.resolve(result);
    this.#settle();
  }

  #onExit(worker, code) {
    const queue = this.#queues.get(worker);
    this.#queues.delete(worker);
    if (this.#restartsLeft > 0 && !this.#ending) {
      this.#restartsLeft--;
      this.#start();
    }
    for (const job of queue) {
      const task = this.#tasks.get(job);
      if (task && !this.#send(task)) this.#fail(task);
    }
    if (!this.#queues.size) this.#gone();
  }

  #fail(task) {
    task.reject(new Error(`given up after ${task.attempts} attempts`));
    this.#settle();
  }

  #settle() {
    if (--this.#unsettled === 0) this.#settled();
  }
}
