// Ten requests need a token that nobody has yet. There is one thread, and still they race: across an `await`.
import { setTimeout as sleep } from 'node:timers/promises';
import { row } from '../reporter.mjs';

const REQUESTS = 10;

/** What the requests share: the token, once it is there, and how often it was fetched. */
class Server {
  token = null;
  fetching = null;
  fetches = 0;

  async fetch() {
    const number = ++this.fetches;
    await sleep(20); // the other server answers
    return `token ${number}`;
  }
}

/** Lets `free` at a time go on; with 1 it is a lock. */
class Semaphore {
  #waiting = [];
  #free;

  constructor(free) {
    this.#free = free;
  }

  async acquire() {
    if (this.#free > 0) this.#free--;
    else await new Promise((wake) => this.#waiting.push(wake));
  }

  release() {
    const wake = this.#waiting.shift();
    if (wake) wake(); // the place goes straight to the next in line
    else this.#free++;
  }
}

// region check, await, act
async function checkAwaitAct(server) {
  if (server.token === null) {
    server.token = await server.fetch(); // meanwhile the others look, and find no token either // <-
  }
  return server.token;
}

async function keepThePromise(server) {
  server.fetching ??= server.fetch(); // no await between the check and the act
  return server.fetching;
// endregion
}

async function guarded(server, gate) {
  await gate.acquire();
  try {
    return await checkAwaitAct(server);
  } finally {
    gate.release();
  }
}

async function measure(variant, ask, gate) {
  const server = new Server();
  const begun = performance.now();
  const tokens = await Promise.all(Array.from({ length: REQUESTS }, () => ask(server, gate)));
  row({
    variant,
    threads: [process.pid], // the main thread's id is the process's
    requests: REQUESTS,
    fetches: server.fetches,
    tokens: new Set(tokens).size,
    took_ns: (performance.now() - begun) * 1e6,
  });
}

await measure('check, await, act', checkAwaitAct);
await measure('keep the promise', keepThePromise);
await measure('a lock around both', guarded, new Semaphore(1));
await measure('a semaphore of 3 around both', guarded, new Semaphore(3));
