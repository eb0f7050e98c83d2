// The capstone: a server of thumbnails. README.md says what it must do.

const ROOM = 1024; // bytes of a buffer: no picture is larger
const WIDEST = 1000; // pixels of a thumbnail
const TRIES = 2; // of a request: a picture that ends every worker must not be tried for ever
const AT_ONCE = 10; // fingerprints without a turn of the loop

/** How much was served. Threads of all kinds add to it, each with a Traffic of its own over the same words. */
export class Traffic {
  constructor(words) {
    this.words = words; // an Int32Array in shared memory: requests, bytes
  }

  /** Count one more request, of so many bytes. */
  add(size) {
    Atomics.add(this.words, 0, 1); // `+=` reads and writes: here nobody else comes in between
    Atomics.add(this.words, 1, size);
  }
}

/** Has thumbnails made by `size` workers. */
export class ThumbnailServer {
  #startWorker;
  #waiting = []; // jobs that no worker has yet
  #jobs = new Map(); // those that one has, by id
  #lastId = 0;
  #free = []; // workers with nothing to do
  #buffers; // made once, and used again and again

  constructor(startWorker, size) {
    this.#startWorker = startWorker;
    this.#buffers = Array.from({ length: size }, () => new Uint8Array(ROOM));
    for (let i = 0; i < size; i++) this.#start();
  }

  /** Give the thumbnail of request.pixels, request.width pixels wide. */
  async thumbnail(request) {
    check(request);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject, worker: null, buffer: null, tries: 0 });
      this.#handOut();
    });
  }

  /** Give the fingerprint of each name. `fingerprint` computes for a while. */
  async index(names, fingerprint) {
    const found = {};
    for (const [number, name] of names.entries()) {
      found[name] = fingerprint(name);
      if ((number + 1) % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve)); // the loop turns
    }
    return found;
  }

  #start() {
    const worker = this.#startWorker();
    worker.on('message', (answer) => this.#onMessage(worker, answer));
    worker.on('exit', (code) => this.#onExit(worker, code));
    this.#free.push(worker);
  }

  /** Give the requests that wait to workers. */
  #handOut() {
    while (this.#waiting.length && this.#free.length) this.#send(this.#free.shift(), this.#waiting.shift());
  }

  #send(worker, job) {
    const { pixels, width } = job.request;
    job.worker = worker;
    job.buffer = this.#buffers.pop() ?? new Uint8Array(ROOM);
    job.buffer.fill(0); // another picture was in it
    job.buffer.set(pixels);
    job.tries++;
    this.#jobs.set(++this.#lastId, job);
    worker.postMessage({ id: this.#lastId, width, pixels: job.buffer });
  }

  #onMessage(worker, answer) {
    const { id } = answer;
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    this.#buffers.push(job.buffer);
    this.#free.push(worker);
    job.resolve(answer.thumbnail);
    this.#handOut();
  }

  /** A worker has ended: another takes its place. */
  #onExit(worker, code) {
    this.#free = this.#free.filter((each) => each !== worker);
    this.#start();
    for (const [id, job] of this.#jobs) {
      if (job.worker !== worker) continue;
      this.#jobs.delete(id);
      this.#buffers.push(job.buffer);
      if (job.tries < TRIES) this.#waiting.unshift(job); // it has waited longest
      else job.reject(new Error(`the picture has ended ${TRIES} workers, with code ${code}`));
    }
    this.#handOut();
  }
}

/** Throw unless it is a request that a worker can take. */
function check({ pixels, width }) {
  if (!(pixels instanceof Uint8Array) || pixels.length < 1 || pixels.length > ROOM) {
    throw new RangeError(`pixels: 1 to ${ROOM} bytes`);
  }
  if (!Number.isInteger(width) || width < 1 || width > WIDEST) {
    throw new RangeError(`width: a whole number from 1 to ${WIDEST}`);
  }
}
