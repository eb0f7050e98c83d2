// What is done with a learner's RpcClient: a port that does as it is told, and one with a real Worker behind it.
import { threadId, Worker } from 'node:worker_threads';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as exercise from 'exercise';

export const NAMES = ['RpcClient'];
const PATIENCE_MS = 400; // for what may be done a little later; what is settled already is not waited for

export const scenarios = {
  // one thread plays a list of steps on a fake port, each a list: what to do, and with what
  playing: ({ steps }) => ({ memory: {}, threads: [['play', steps]] }),
  // how many of `count` calls are still held by somebody after they have ended, by the way they ended
  keeping: ({ count }) => ({ memory: {}, threads: [['keep', count]] }),
  // `calls` calls to a real Worker, which answers the last first, each twice; then it ends with one call unanswered
  working: ({ calls }) => ({ memory: {}, threads: [['work', calls]] }),
};

/** The client's end of a line. It keeps what was posted, and emits what it is told to. */
class Port {
  answers = () => []; // to a request, before `post` returns
  refuses = false; // a post throws
  posted = [];
  refused = [];
  listeners = new Map();

  post(message) {
    const copy = structuredClone(message); // as every real port does
    (this.refuses ? this.refused : this.posted).push(copy);
    if (this.refuses) throw new Error('this message cannot be posted');
    for (const answer of this.answers(copy)) this.emit('message', answer);
  }

  on(event, listener) {
    this.listeners.set(event, [...this.of(event), listener]);
    return this;
  }

  off(event, listener) {
    const index = this.of(event).indexOf(listener);
    if (index >= 0) this.listeners.set(event, this.of(event).toSpliced(index, 1));
    return this;
  }

  of(event) {
    return this.listeners.get(event) ?? [];
  }

  emit(event, argument) {
    for (const listener of this.of(event)) listener(argument);
  }
}

const notWritten = (error) => String(error?.message).startsWith('not written yet');
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** How each call ended: its value, the text of its failure, "pending", or that it gave no promise; by name. */
async function outcomes(promises) {
  const told = {};
  const settled = Object.entries(promises).map(async ([name, promise]) => {
    if (!(promise instanceof Promise)) return void (told[name] = { gave: promise === null ? 'null' : typeof promise });
    told[name] = { pending: true };
    try {
      const value = await promise;
      told[name] = value === undefined ? { undefined: true } : { value };
    } catch (error) {
      if (notWritten(error)) throw error;
      told[name] = { failed: String(error?.message ?? error) };
    }
  });
  let timer;
  await Promise.race([Promise.all(settled), new Promise((resolve) => { timer = setTimeout(resolve, PATIENCE_MS); })]);
  clearTimeout(timer);
  return told;
}

/** The steps that can be played. */
class Play {
  port = new Port();
  client = new exercise.RpcClient(this.port);
  promises = {};
  heard = {};

  call(...names) {
    for (const name of names) {
      const promise = this.client.call('do', { call: name });
      promise?.catch?.(() => {}); // looked at later: until then, no rejection is an unhandled one
      this.promises[name] = promise;
    }
  }

  answer(name, body) {
    for (const { id, params } of [...this.port.posted, ...this.port.refused]) {
      if (params?.call === name) this.port.emit('message', { id, ...body });
    }
  }

  message(body) {
    this.port.emit('message', body);
  }

  emit(event, argument) {
    this.port.emit(event, event === 'error' ? new Error(argument) : argument);
  }

  early() {
    this.port.answers = ({ id, params }) => [{ id, result: params.call }];
  }

  refuse(refuses) {
    this.port.refuses = refuses;
  }

  listen(event, ear) {
    this.heard[ear] ??= [];
    this.client.on(event, (data) => { this.heard[ear].push(data); });
  }

  close() {
    return this.client.close();
  }
}

export async function play(memory, thread, steps) {
  const play = new Play();
  const listeners = () => play.port.of('message').length;
  const listening = [listeners()], broken = [];
  for (const [step, [what, ...how]] of steps.entries()) {
    try {
      await play[what](...how);
    } catch (error) {
      if (notWritten(error)) throw error;
      broken.push({ step, raised: String(error) });
    }
    await turn(); // an async `call` may post a little later
    listening.push(listeners());
  }
  const calls = await outcomes(play.promises);
  return { calls, posted: play.port.posted, heard: play.heard, listening, broken, done_at_once: [] };
}

export async function keep(memory, thread, count) {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc');
  const port = new Port(), client = new exercise.RpcClient(port), kept = {};

  async function calls(way) {
    const weak = [];
    for (let number = 0; number < count; number++) {
      const promise = client.call('do', { call: number });
      const ended = promise?.then?.(() => {}, (error) => { if (notWritten(error)) throw error; });
      weak.push(new WeakRef(promise));
      await turn();
      const id = port.posted.pop()?.id;
      if (way === 'an answer') {
        const result = { number };
        weak.push(new WeakRef(result)); // held by the promise, wherever that is
        port.emit('message', { id, result });
      } else if (way === 'an error') port.emit('message', { id, error: 'no' });
      if (way !== 'the exit') await Promise.race([ended, turn().then(turn)]);
    }
    if (way === 'the exit') port.emit('exit', 1);
    return weak;
  }

  for (const way of ['an answer', 'an error', 'a post that raised', 'the exit']) {
    port.refuses = way === 'a post that raised';
    const weak = await calls(way);
    port.posted.length = port.refused.length = 0;
    for (let round = 0; round < 3; round++) {
      await turn(); // what a WeakRef gave out is kept until the end of its turn
      gc();
    }
    kept[way] = weak.filter((ref) => ref.deref() !== undefined).length;
  }
  return kept;
}

const WORKER = `
const { parentPort, threadId } = require('node:worker_threads');
const held = [];
parentPort.on('message', ({ id, method, params }) => {
  if (method === 'stay') return;
  if (method === 'leave') process.exit(3);
  held.push({ id, result: { call: params.call, thread: threadId } });
  if (method !== 'last') return;
  parentPort.postMessage({ event: 'answering', data: held.length });
  for (const answer of held.reverse()) {
    parentPort.postMessage(answer);
    parentPort.postMessage(answer);
  }
});
`;

export async function work(memory, thread, calls) {
  const worker = new Worker(WORKER, { eval: true });
  const port = {
    post: (message) => worker.postMessage(message),
    on: (event, listener) => worker.on(event, listener),
    off: (event, listener) => worker.off(event, listener),
  };
  try {
    const client = new exercise.RpcClient(port);
    const promises = {}, order = [], announced = [];
    client.on('answering', (count) => announced.push(count));
    const exited = new Promise((resolve) => { worker.on('exit', resolve); });
    const messages = 1 + 2 * calls;
    const arrived = new Promise((resolve) => {
      let count = 0;
      worker.on('message', () => { if (++count === messages) resolve(); }); // behind the client's own listener
    });
    for (let number = 0; number < calls; number++) {
      const name = String(number);
      promises[name] = client.call(number === calls - 1 ? 'last' : 'do', { call: name });
      promises[name]?.then?.(() => order.push(name), () => {});
    }
    await Promise.race([arrived, exited]);
    const told = await outcomes(promises);
    const left = client.call('stay', {});
    left?.catch?.(() => {});
    worker.postMessage({ method: 'leave' });
    const code = await exited;
    return { calls: told, order, announced, ...(await outcomes({ left })), code, thread: threadId };
  } finally {
    await worker.terminate();
  }
}
