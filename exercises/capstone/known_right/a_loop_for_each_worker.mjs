// For each worker a loop that takes the next request, waits for its answer, and goes on.
import { setTimeout as later } from 'node:timers/promises';

export class Traffic {
  constructor(words) {
    this.words = words;
  }

  add(size) {
    for (const [index, n] of [1, size].entries()) {
      let seen;
      do seen = Atomics.load(this.words, index);
      while (Atomics.compareExchange(this.words, index, seen, seen + n) !== seen);
    }
  }
}

export class ThumbnailServer {
  constructor(startWorker, size) {
    this.startWorker = startWorker;
    this.line = []; // requests that wait
    this.idle = []; // loops that wait for one
    this.lastId = 0;
    for (let i = 0; i < size; i++) this.serve();
  }

  thumbnail({ pixels, width }) {
    if (!(pixels instanceof Uint8Array && pixels.length >= 1 && pixels.length <= 1024)) throw new TypeError('pixels');
    if (typeof width !== 'number' || width % 1 !== 0 || width < 1 || width > 1000) throw new TypeError('width');
    return new Promise((resolve, reject) => {
      this.line.push({ pixels, width, resolve, reject });
      this.idle.shift()?.();
    });
  }

  async serve() {
    let member = this.start();
    const buffer = new Uint8Array(1024);
    for (;;) {
      while (!this.line.length) {
        const wake = new Promise((resolve) => this.idle.push(resolve));
        await Promise.race([wake, member.gone]);
        if (member.over) member = this.start();
      }
      const job = this.line.shift();
      let answer = null;
      for (let tries = 0; tries < 2 && !answer; tries++) {
        buffer.fill(0).set(job.pixels);
        const answered = new Promise((resolve) => { member.answered = resolve; });
        member.worker.postMessage({ id: ++this.lastId, width: job.width, pixels: buffer });
        answer = await Promise.race([answered, member.gone]);
        if (member.over) member = this.start();
      }
      if (answer) job.resolve(answer.thumbnail);
      else job.reject(new Error('two workers exited'));
    }
  }

  start() {
    const member = { worker: this.startWorker(), over: false };
    member.worker.on('message', (answer) => member.answered(answer));
    member.gone = new Promise((resolve) => {
      member.worker.on('exit', () => {
        member.over = true;
        resolve(null);
      });
    });
    return member;
  }

  async index(names, fingerprint) {
    const found = {};
    for (let start = 0; start < names.length; start += 10) {
      for (const name of names.slice(start, start + 10)) found[name] = fingerprint(name);
      await later(0);
    }
    return found;
  }
}
