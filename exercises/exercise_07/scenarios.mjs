// What is done with a learner's Supervisor: workers that do as they are told, and processes that are really killed.
//
// All that happens between the supervisor and its workers goes into one log: ['start', worker], ['submit', job],
// ['refused', job], ['send', worker, job], ['result', worker, job, value], ['exit', worker, code], ['told', worker]
// (the listeners of an exit have returned), ['drain'], ['kill', worker], ['drained']. The checks judge it.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import * as exercise from 'exercise';

export const NAMES = ['Supervisor'];

const JOBS = fileURLToPath(new URL('./jobs.mjs', import.meta.url));

export const scenarios = {
  // a list of steps is played, each a list: what to do, and with what
  playing: ({ steps, ...settings }) => ({ memory: {}, threads: [['play', steps, settings]] }),
  // what can happen, does at random; then all comes to its end
  wandering: ({ seed, steps, ...settings }) => ({ memory: {}, threads: [['wander', seed, steps, settings]] }),
  // real processes get these jobs, each when the one before is settled; a job that `holds` has its process killed
  killing: ({ jobs, ...settings }) => ({ memory: {}, threads: [['kill', jobs, settings]] }),
};

const turn = () => new Promise((resolve) => setImmediate(resolve));
const notWritten = (error) => String(error?.message).startsWith('not written yet');
const textOf = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

/** For what the learner's code may do a little later; what is there already is not waited for. */
class Patience {
  constructor(ms) {
    this.left = ms;
  }

  async until(condition) {
    await turn(); // whoever goes on after an await has done so now
    const deadline = performance.now() + this.left;
    while (!condition()) {
      if (performance.now() > deadline) {
        this.left = 50; // they had their time
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

const patience = new Patience(1000); // of all plays together

/** A handle without a worker behind it: it notes what is asked of it, and tells what it is told to tell. */
class Worker {
  outstanding = []; // the names of its jobs
  gone = false;
  killed = false;
  listeners = { result: [], exit: [] };

  constructor(number, log) {
    this.number = number;
    this.log = log;
  }

  send(job) {
    const name = typeof job?.job === 'string' ? job.job : inspect(job);
    this.log.push(['send', this.number, name]);
    this.outstanding.push(name);
  }

  on(event, listener) {
    this.listeners[event].push(listener);
    return this;
  }

  kill() {
    this.log.push(['kill', this.number]);
    this.killed = true;
  }

  /** The result of the oldest job; of none, where none is outstanding. */
  answer(value) {
    this.log.push(['result', this.number, this.outstanding.shift() ?? null, value]);
    this.tell('result', value);
  }

  exit(code) {
    this.log.push(['exit', this.number, code]);
    this.gone = true;
    this.tell('exit', code);
    this.log.push(['told', this.number]);
  }

  tell(event, value) {
    for (const listener of [...this.listeners[event]]) listener(value);
  }
}

/** A supervisor, its workers, and the log. */
class Stage {
  log = [];
  workers = [];
  jobs = {}; // name -> how it ended
  broken = [];

  constructor({ size, max_attempts: maxAttempts, max_restarts: maxRestarts }, Kind = Worker) {
    this.mostWorkers = size + maxRestarts;
    const start = () => {
      const worker = new Kind(this.workers.length + 1, this.log);
      this.workers.push(worker);
      this.log.push(['start', worker.number]);
      return worker;
    };
    // whoever wants the start function among the options gets it there, too
    const options = { size, maxAttempts, maxRestarts, startWorker: start };
    this.supervisor = new exercise.Supervisor(Object.assign(start, options), options);
  }

  submit(name, job = { job: name }) {
    this.log.push(['submit', name]);
    this.jobs[name] = { pending: true };
    const refuse = (error) => {
      if (notWritten(error)) throw error;
      this.jobs[name] = { raised: textOf(error) };
      this.log.push(['refused', name]);
    };
    let promise;
    try {
      promise = this.supervisor.submit(job);
    } catch (error) {
      return refuse(error);
    }
    if (!(promise instanceof Promise)) return void (this.jobs[name] = { gave: promise === null ? 'null' : typeof promise });
    const draining = this.draining; // then a rejection means the same as an exception
    promise.then(
      (value) => { this.jobs[name] = { value: value === undefined ? 'undefined' : value }; },
      (error) => {
        if (draining && !this.sent(name).length) refuse(error);
        else this.jobs[name] = { failed: error?.message ?? String(error) };
      },
    );
  }

  drain() {
    this.draining = true;
    this.log.push(['drain']);
    const over = () => this.log.push(['drained']);
    try {
      Promise.resolve(this.supervisor.drain()).then(over, (error) => {
        over();
        this.broken.push({ step: 'drain', raised: textOf(error) });
      });
    } catch (error) {
      if (notWritten(error)) throw error;
      this.broken.push({ step: 'drain', raised: textOf(error) });
    }
  }

  /** The workers to which a job was sent, in order. */
  sent(name) {
    return this.log.filter(([what, , job]) => what === 'send' && job === name).map(([, number]) => this.workers[number - 1]);
  }

  ended(name) {
    return !this.jobs[name]?.pending;
  }

  settled() {
    return Object.values(this.jobs).filter((job) => !job.pending).length;
  }

  alive() {
    return this.workers.filter((worker) => !worker.gone);
  }

  drained() {
    return this.log.some(([what]) => what === 'drained');
  }

  told() {
    return { log: [...this.log], jobs: { ...this.jobs }, broken: this.broken };
  }
}

/** The steps that can be played. */
const steps = {
  async submit(stage, ...names) {
    for (const name of names) {
      stage.submit(name);
      await patience.until(() => stage.sent(name).length || stage.ended(name));
    }
  },

  /** The same object as two jobs. */
  async twice(stage, name, other) {
    const job = { job: name };
    for (const each of [name, other]) stage.submit(each, job);
    await patience.until(() => stage.sent(name).length === 2);
  },

  /** The worker that has this job answers its oldest one. */
  async answer(stage, name, ...value) {
    const worker = stage.sent(name).at(-1);
    if (worker) await steps.answered(stage, worker, ...value);
  },

  async answered(stage, worker, ...value) {
    const [name] = worker.outstanding;
    const wanted = stage.settled() + (name === undefined ? 0 : 1);
    worker.answer(value.length ? value[0] : `${name} is done`);
    await patience.until(() => stage.settled() >= wanted);
  },

  /** A result of a worker that has no job. */
  async stray(stage, number) {
    stage.workers[number - 1].answer('nobody asked');
    await turn();
  },

  /** The worker that has this job exits. */
  async crash(stage, name, code) {
    const worker = stage.sent(name).at(-1);
    if (worker) await steps.exit(stage, worker.number, code);
  },

  async exit(stage, number, code) {
    const worker = stage.workers[number - 1];
    if (!worker || worker.gone) return;
    const before = worker.outstanding.map((name) => [name, stage.sent(name).length]);
    const wanted = Math.min(stage.mostWorkers, stage.workers.length + 1);
    worker.exit(code);
    await patience.until(() => (worker.killed || stage.workers.length >= wanted)
      && before.every(([name, count]) => stage.ended(name) || stage.sent(name).length > count));
  },

  /** Let the workers answer all they have, and what is sent to them meanwhile. */
  async finish(stage) {
    for (let i = 0; i < 200; i++) {
      const worker = stage.alive().find(({ outstanding }) => outstanding.length);
      if (!worker) break;
      await steps.answered(stage, worker);
    }
  },

  async drain(stage) {
    stage.drain();
    await turn();
  },

  /** A job that should be refused, by an exception or a rejection. */
  async refuse(stage, name) {
    stage.submit(name);
    await patience.until(() => stage.ended(name) || stage.sent(name).length);
  },

  /** When the workers are killed, let them exit, one after the other; then drain has to return. */
  async bury(stage) {
    await patience.until(() => stage.alive().every(({ killed }) => killed));
    for (const worker of stage.alive().filter(({ killed }) => killed)) {
      for (let i = 0; i < 10; i++) await turn(); // time to return too early
      worker.exit(-9);
    }
    await patience.until(() => stage.drained());
  },
};

async function step(stage, what, ...how) {
  try {
    await steps[what](stage, ...how);
  } catch (error) {
    if (notWritten(error)) throw error;
    stage.broken.push({ step: what, raised: textOf(error) });
  }
}

export async function play(memory, thread, list, settings) {
  const stage = new Stage(settings);
  await patience.until(() => stage.workers.length >= settings.size);
  for (const [what, ...how] of list) await step(stage, what, ...how);
  return stage.told();
}

/** The same numbers from 0 to 1 for the same seed. */
function random(seed) {
  let state = seed + 1;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function wander(memory, thread, seed, count, settings) {
  const stage = new Stage(settings), chance = random(seed);
  const choice = (list) => list[Math.floor(chance() * list.length)];
  for (let number = 0; number < count; number++) {
    const what = chance(), worker = choice(stage.alive());
    if (what < 0.5 || !worker) await step(stage, 'submit', String(number));
    else if (what < 0.85) await step(stage, 'answered', worker); // a stray one, where it has no job
    else await step(stage, 'exit', worker.number, choice([0, 1, -9]));
  }
  for (const last of ['drain', 'finish', 'bury']) await step(stage, last);
  return stage.told();
}

/** A handle with a real process behind it. */
class Process extends Worker {
  constructor(number, log) {
    super(number, log);
    this.process = fork(JOBS);
    this.process.on('message', (value) => this.answer(value));
    this.process.on('error', () => {}); // sent to, as it died: its exit will be told
    this.process.on('exit', (code, signal) => this.exit(code ?? -constants.signals[signal]));
  }

  send(job) {
    super.send(job);
    const attempt = this.log.filter(([what, , name]) => what === 'send' && name === job.job).length;
    this.process.send({ ...job, attempt }, () => {});
  }

  kill() {
    super.kill();
    this.process.kill('SIGKILL');
  }
}

export async function kill(memory, thread, jobs, settings) {
  const stage = new Stage(settings, Process), patience = new Patience(5000);
  try {
    for (const job of jobs) {
      stage.submit(job.job, job);
      if ('holds' in job) {
        await patience.until(() => stage.sent(job.job).length);
        for (const worker of stage.sent(job.job)) worker.process.kill('SIGKILL'); // from outside: nobody told the supervisor
      }
      await patience.until(() => stage.ended(job.job));
    }
    stage.drain();
    await patience.until(() => stage.drained());
    const running = ({ process }) => process.exitCode === null && process.signalCode === null;
    const alive = stage.workers.filter(running).map(({ number }) => number);
    return { ...stage.told(), alive, processes: stage.workers.map(({ process }) => process.pid) };
  } finally {
    for (const { process } of stage.workers) {
      if (process.exitCode !== null || process.signalCode !== null) continue;
      process.kill('SIGKILL');
      await once(process, 'exit');
    }
  }
}
