// What is done with a learner's RpcClient: a port that does as it is told, and one with a real Worker behind it.
import { Worker } from 'node:worker_threads';
import * as exercise from 'exercise';
import { collect, patience, pass, Play, turn, watch, written } from 'stateful';

export const NAMES = ['RpcClient'];

export const scenarios = {
  // one thread plays a script on a fake port
  playing: ({ steps }) => ({ memory: {}, threads: [['play', steps]] }),
  // what is posted for a call with each of these params
  posting: ({ params }) => ({ memory: {}, threads: [['post', params]] }),
  // how many of `count` calls are still held by somebody after they have ended, by the way they ended
  keeping: ({ count }) => ({ memory: {}, threads: [['keep', count]] }),
  // `calls` calls to a real Worker, which answers the last first, each twice; then it ends with one call unanswered
  working: ({ calls }) => ({ memory: {}, threads: [['work', calls]] }),
  // a call is made, and meanwhile the port exits, or the client is closed: explored
  ending: ({ how }) => ({ memory: {}, threads: [['end', how]] }),
};

/** The client's end of a line. It keeps what was posted, and emits what it is told to. */
class Port {
  answers = () => []; // to a request, before `post` returns
  refuses = false; // a post throws
  posted = [];
  refused = [];
  listeners = new Map();
  most = 0; // `message` listeners at a time

  get listening() {
    return this.of('message').length;
  }

  post(message) {
    const copy = structuredClone(message); // as every real port does
    (this.refuses ? this.refused : this.posted).push(copy);
    if (this.refuses) throw new Error('this message cannot be posted');
    for (const answer of this.answers(copy)) this.emit('message', answer);
  }

  on(event, listener) {
    this.listeners.set(event, [...this.of(event), listener]);
    this.most = Math.max(this.most, this.listening);
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

/** The steps that can be played on a client: see the model. */
class ClientPlay extends Play {
  port = new Port();
  client = new exercise.RpcClient(this.port);
  listening = [this.port.listening];
  heard = { __proto__: null };
  done_at_once = [];

  async told() {
    await this.patience.until(() => Object.values(this.outcomes).every(({ pending }) => !pending));
    await turn(); // a call from a callback has seen its turn
    const { port, listening, heard, done_at_once } = this;
    return { posted: port.posted, listening: [...listening, port.most], heard, done_at_once };
  }

  async call(...names) {
    for (const name of names) this.make(name, () => this.client.call('do', { call: name }));
    await turn(); // an async `call` may post, or fail, a little later
    this.done_at_once.push(...names.filter((name) => this.ended(name)));
  }

  async retry(name) {
    const promise = this.client.call('do', { call: name });
    this.make(name, () => promise);
    promise?.catch?.(() => this.call(`${name} again`));
    await turn();
    if (this.ended(name)) this.done_at_once.push(name);
  }

  /** Of each promise there is nothing left but what `make` has put on it. */
  drop(name) {
    return this.call(name);
  }

  collect = collect;

  answer(name, body) {
    for (const { id, params } of [...this.port.posted, ...this.port.refused]) {
      if (params?.call === name) this.port.emit('message', { id, ...body });
    }
  }

  undefined(name, key) {
    this.answer(name, { [key]: undefined });
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
    const heard = (this.heard[ear] = []);
    this.client.on(event, (data) => {
      heard.push(data);
      if (ear.startsWith('calling ')) this.call(`${ear} ${heard.length}`);
    });
  }

  hears(counts) {
    return this.patience.until(() => Object.entries(counts).every(([ear, count]) => this.heard[ear].length >= count));
  }

  close() {
    return this.client.close();
  }
}

export const play = (memory, thread, steps) => new ClientPlay().play(steps);

export async function post(memory, thread, params) {
  const port = new Port(), client = new exercise.RpcClient(port);
  for (const each of params) client.call('do', each)?.catch?.(pass);
  await turn();
  return port.posted;
}

export async function keep(memory, thread, count) {
  const port = new Port(), client = new exercise.RpcClient(port), kept = {};

  async function calls(way) {
    const weak = [];
    for (let number = 0; number < count; number++) {
      const promise = client.call('do', { call: number });
      const ended = promise?.then?.(() => {}, pass);
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

  for (const way of ['an answer', 'an error', 'a post that raised', 'the exit', 'an end before it']) {
    port.refuses = way === 'a post that raised';
    const weak = await calls(way);
    port.posted.length = port.refused.length = 0;
    await collect();
    kept[way] = weak.filter((ref) => ref.deref() !== undefined).length;
  }
  return kept;
}

/** Whatever `call` awaits before its entry is made, the end may come in between. */
export async function end(memory, thread, how) {
  const port = new Port(), client = new exercise.RpcClient(port);
  const over = async () => {
    await null;
    if (how === 'exit') port.emit('exit', 0);
    else client.close();
  };
  const ask = async () => {
    const promise = client.call('do', { call: 'b' });
    const told = watch(promise);
    await promise?.then?.(() => {}, () => {});
    return told;
  };
  const [told] = await Promise.all([ask(), over()]);
  written();
  return told;
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
  const worker = new Worker(WORKER, { eval: true }), id = worker.threadId;
  const port = {
    post: (message) => worker.postMessage(message),
    on: (event, listener) => worker.on(event, listener),
    off: (event, listener) => worker.off(event, listener),
  };
  try {
    const client = new exercise.RpcClient(port);
    const outcomes = {}, announced = [];
    client.on('answering', (count) => announced.push(count));
    const exited = new Promise((resolve) => { worker.on('exit', resolve); });
    const messages = 1 + 2 * calls;
    const arrived = new Promise((resolve) => {
      let count = 0;
      worker.on('message', () => { if (++count === messages) resolve(); }); // behind the client's own listener
    });
    for (let number = 0; number < calls; number++) {
      const name = String(number);
      outcomes[name] = watch(client.call(number === calls - 1 ? 'last' : 'do', { call: name }));
    }
    const ended = () => patience.until(() => Object.values(outcomes).every(({ pending }) => !pending));
    await Promise.race([arrived, exited]);
    await ended();
    outcomes.left = watch(client.call('stay', {}));
    worker.postMessage({ method: 'leave' });
    const code = await exited;
    await ended();
    written();
    return { outcomes, announced, code, worker: id };
  } finally {
    await worker.terminate();
  }
}
