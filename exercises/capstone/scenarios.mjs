// What is done with a learner's server: workers that do as they are told, and steps played on its loop.
import * as exercise from 'exercise';
import { Patience, Play, Stuck, turn } from 'stateful';

export const NAMES = ['Traffic', 'ThumbnailServer'];

export const scenarios = {
  // steps are played on a server with so many workers
  playing: ({ size, steps }) => ({ memory: {}, threads: [['play', size, steps]] }),
  // an index of so many names: what it gave, and how many turns the loop had made at each fingerprint
  indexing: ({ count }) => ({ memory: {}, threads: [['index', count]] }),
  // a thread for each list of sizes adds them to the same traffic
  counting: ({ sizes }) => ({ memory: { traffic: [0, 0] }, threads: sizes.map((own) => ['count', own]) }),
};

const TURNS = 5; // of the loop, for what should not happen

/** A worker of which all that it is sent goes into a log; it answers, or exits, when it is told to. */
class Worker {
  inbox = []; // messages that it has not answered
  gone = false;
  listeners = { message: [], exit: [] };

  constructor(number, log) {
    this.number = number;
    this.log = log;
  }

  on(event, listener) {
    this.listeners[event]?.push(listener);
    return this;
  }

  postMessage(message) {
    const [name, runs] = seen(message.pixels);
    this.log.push(['send', this.number, name, runs]);
    this.inbox.push([name, message]);
  }

  tell(event, value) {
    for (const listener of [...this.listeners[event]]) listener(value);
  }
}

/** The name of a picture, and its bytes as [byte, how many of them], without the zeros behind. */
function seen(pixels) {
  const runs = [];
  for (const byte of pixels instanceof Uint8Array ? pixels : []) {
    if (runs.at(-1)?.[0] === byte) runs.at(-1)[1]++;
    else runs.push([byte, 1]);
  }
  if (runs.at(-1)?.[0] === 0) runs.pop();
  return [runs.length ? String.fromCharCode(runs[0][0]) : '?', runs];
}

/** A server, its workers and its callers: what is sent stands in the log, what callers get in the outcomes. */
class Stage extends Play {
  workers = [];
  patience = new Patience(500);

  constructor(size) {
    super();
    this.server = new exercise.ThumbnailServer(() => this.start(), size);
  }

  start() {
    this.workers.push(new Worker(this.workers.length + 1, this.log));
    return this.workers.at(-1);
  }

  /** What the learner's code throws when a worker tells something ends the play. */
  async step(what, ...how) {
    try {
      await super.step(what, ...how);
    } catch (error) {
      if (!(error instanceof Stuck)) this.broken ??= error;
      throw error;
    }
  }

  /** Somebody asks for a thumbnail of a picture: so many bytes, each of which is its name. */
  ask(name, length, width = 100) {
    return this.request(name, { pixels: name.repeat(length), width });
  }

  request(name, { pixels, width }) {
    const bytes = typeof pixels === 'string' ? new TextEncoder().encode(pixels) : pixels;
    this.make(name, () => this.server.thumbnail({ pixels: bytes, width }));
    return this.linger();
  }

  /** Wait until workers have these. */
  sent(...names) {
    return this.need(() => names.filter((name) => !this.holding(name)));
  }

  /** The worker that has this picture answers; some caller must hear of it. */
  async answer(name) {
    const [worker, message] = this.holding(name) ?? [];
    if (!worker) throw new Stuck([name]);
    worker.inbox = worker.inbox.filter(([, each]) => each !== message);
    const before = this.settled();
    this.log.push(['answer', worker.number, name]);
    worker.tell('message', { id: message.id, thumbnail: `picture ${name}, ${message.width} wide` });
    await this.need(() => (this.settled() > before ? [] : [name]));
  }

  /** The worker that has this picture exits. */
  exit(name) {
    const [worker] = this.holding(name) ?? [];
    if (!worker) throw new Stuck([name]);
    this.log.push(['exit', worker.number, name]);
    Object.assign(worker, { gone: true, inbox: [] });
    worker.tell('exit', 1);
    return this.linger();
  }

  /** They all ask; then the workers answer in any order, and some exit, but never twice with the same picture. */
  async load(names, chances) {
    for (const [i, name] of names.entries()) {
      const pixels = new TextEncoder().encode(name.repeat(1 + (chances[i] % 999)));
      this.make(name, () => this.server.thumbnail({ pixels, width: 100 }));
    }
    const ended = new Set(); // pictures whose worker exited
    for (const chance of chances) {
      await this.linger();
      const held = this.workers.filter(({ gone }) => !gone).flatMap(({ inbox }) => inbox.map(([name]) => name));
      if (!held.length) break;
      const name = held[chance % held.length];
      if (chance % 7 === 0 && !ended.has(name)) {
        for (const [each] of this.holding(name)[0].inbox) ended.add(each);
        await this.exit(name);
      } else await this.answer(name);
    }
  }

  /** Wait until these callers have an answer, or an error. */
  over(...names) {
    return this.need(() => names.filter((name) => !this.ended(name)));
  }

  /** The worker that has this picture, and the message in which it came. */
  holding(name) {
    for (const worker of this.workers) {
      const held = worker.gone ? undefined : worker.inbox.find(([each]) => each === name);
      if (held) return [worker, held[1]];
    }
    return undefined;
  }

  settled() {
    return Object.keys(this.outcomes).filter((name) => this.ended(name)).length;
  }

  async linger() {
    for (let i = 0; i < TURNS; i++) await turn();
  }
}

export async function play(memory, thread, size, steps) {
  const stage = new Stage(size), told = await stage.play(steps);
  if (stage.broken) throw stage.broken;
  return told;
}

export async function index(memory, thread, count) {
  const turns = [], names = Array.from({ length: count }, (_, number) => `picture ${number}`);
  const server = new exercise.ThumbnailServer(() => new Worker(0, []), 1);
  let now = 0, over = false;
  (async () => {
    for (; !over; now++) await turn();
  })();
  const fingerprint = (name) => {
    turns.push(now);
    return name.length;
  };
  const found = await server.index(names, fingerprint);
  over = true;
  const right = Object.keys(found ?? {}).length === count && names.every((name) => found[name] === name.length);
  return { turns, right };
}

export function count({ traffic }, thread, sizes) {
  const own = new exercise.Traffic(traffic);
  for (const size of sizes) own.add(size);
}
