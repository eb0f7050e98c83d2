// A map holds a queue for each worker; a task counts its attempts, and the last one settled wakes drain().
export class Supervisor {
  #startWorker;
  #maxAttempts;
  #restartsLeft;
  #queues = new Map();
  #unsettled = 0;
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
    queue.push(task);
    worker.send(task.job);
    return true;
  }

  #onResult(worker, result) {
    const task = this.#queues.get(worker)?.shift();
    if (!task) return;
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
    for (const task of queue) if (!this.#send(task)) this.#fail(task);
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
