// The capstone: a server of thumbnails. README.md says what it must do, and there are seven mistakes in here.

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
    this.words[0] += 1;
    this.words[1] += size;
  }
}

/** Has thumbnails made by `size` workers. */
export class ThumbnailServer {
  #startWorker;
  #jobs = new Map(); // those that a worker has, by id
  #lastId = 0;
  #workers = [];
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
      this.#handOut({ request, resolve, reject, worker: null, buffer: null, tries: 0 });
    });
  }

  /** Give the fingerprint of each name. `fingerprint` computes for a while. */
  async index(names, fingerprint) {
    const found = {};
    for (const name of names) found[name] = fingerprint(name);
    return found;
  }

  #start() {
    const worker = this.#startWorker();
    worker.on('message', (answer) => this.#onMessage(worker, answer));
    worker.on('exit', (code) => this.#onExit(worker, code));
    this.#workers.push(worker);
  }

  /** Give a request to a worker: to each in turn. */
  #handOut(job) {
    const worker = this.#workers.shift();
    this.#workers.push(worker);
    this.#send(worker, job);
  }

  #send(worker, job) {
    const { pixels, width } = job.request;
    job.worker = worker;
    job.buffer = this.#buffers.pop() ?? new Uint8Array(ROOM);
    job.buffer.set(pixels);
    job.tries++;
    this.#jobs.set(++this.#lastId, job);
    worker.postMessage({ id: this.#lastId, width, pixels: job.buffer });
  }

  /** A worker has answered: who asked first gets it. */
  #onMessage(worker, answer) {
    const [id] = this.#jobs.keys();
    const job = this.#jobs.get(id);
    this.#jobs.delete(id);
    this.#buffers.push(job.buffer);
    job.resolve(answer.thumbnail);
  }

  /** A worker has ended: another takes its place. */
  #onExit(worker, code) {
    this.#workers = this.#workers.filter((each) => each !== worker);
    this.#start();
    for (const [id, job] of this.#jobs) {
      if (job.worker !== worker) continue;
      this.#jobs.delete(id);
      this.#buffers.push(job.buffer);
    }
  }
}

/** Throw unless it is a request that a worker can take. */
function check({ pixels, width }) {
  if (!(pixels instanceof Uint8Array) || pixels.length < 1 || pixels.length > ROOM) {
    throw new RangeError(`pixels: 1 to ${ROOM} bytes`);
  }
  if (!(width >= 1)) {
    throw new RangeError(`width: a whole number from 1 to ${WIDEST}`);
  }
}
