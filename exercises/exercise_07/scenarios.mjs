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
import { Patience, Play, refusal, turn } from 'stateful';

export const NAMES = ['Supervisor'];

const JOBS = fileURLToPath(new URL('./jobs.mjs', import.meta.url));

export const scenarios = {
  // a script is played
  playing: ({ steps, ...settings }) => ({ memory: {}, threads: [['play', steps, settings]] }),
  // real processes get these jobs, each when the one before is settled; a job that `holds` has its process killed
  killing: ({ jobs, ...settings }) => ({ memory: {}, threads: [['kill', jobs, settings]] }),
};

/** An error that is a result; in JSON it is what stands for it in a script. */
class AnError extends Error {
  toJSON() {
    return 'an error';
  }
}

const NOT_IN_JSON = new Map([['undefined', undefined], ['an error', new AnError('this is a result')]]);

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
    this.tell('result', NOT_IN_JSON.has(value) ? NOT_IN_JSON.get(value) : value);
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

/** A supervisor and its workers: what they do stands in the log. */
class Stage extends Play {
  workers = [];

  constructor({ size = 2, max_attempts: maxAttempts = 3, max_restarts: maxRestarts = 3 }, Kind = Worker) {
    super();
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

  submitOne(name, job = { job: name }) {
    let promise;
    const refused = () => this.log.push(['refused', name]);
    this.log.push(['submit', name]);
    this.make(name, () => (promise = this.supervisor.submit(job)));
    if (this.outcomes[name].raised) refused();
    else if (this.draining) promise?.catch?.(() => this.sent(name).length || refused()); // as good as an exception
  }

  drain() {
    this.draining = true;
    this.log.push(['drain']);
    const drained = (async () => this.supervisor.drain())();
    drained.catch((error) => { this.raised = error; }).then(() => this.log.push(['drained']));
  }

  /** The workers to which a job was sent, in order. */
  sent(name) {
    return this.log.filter(([what, , job]) => what === 'send' && job === name).map(([, number]) => this.workers[number - 1]);
  }

  settled() {
    return Object.keys(this.outcomes).filter((name) => this.ended(name)).length;
  }

  alive() {
    return this.workers.filter((worker) => !worker.gone);
  }

  drained() {
    return this.log.some(([what]) => what === 'drained');
  }
}

/** The steps that can be played. */
class SupervisorPlay extends Stage {
  async submit(...names) {
    for (const name of names) {
      this.submitOne(name);
      await this.patience.until(() => this.sent(name).length || this.ended(name));
    }
  }

  /** The same object as two jobs. */
  async twice(name, other) {
    const job = { job: name };
    for (const each of [name, other]) this.submitOne(each, job);
    await this.patience.until(() => this.sent(name).length === 2);
  }

  /** The worker that has this job answers its oldest one. */
  async answer(name, ...value) {
    const worker = this.sent(name).at(-1);
    if (worker) await this.answer_by(worker.number, ...value);
  }

  /** This worker answers its oldest job; it is a stray result where it has none. */
  async answer_by(number, ...value) {
    const worker = this.workers[number - 1];
    if (!worker || worker.gone) return;
    const [name] = worker.outstanding;
    const wanted = this.settled() + (name === undefined ? 0 : 1);
    worker.answer(value.length ? value[0] : `${name} is done`);
    await this.patience.until(() => this.settled() >= wanted);
  }

  /** The worker that has this job exits. */
  async crash(name, code) {
    const worker = this.sent(name).at(-1);
    if (worker) await this.exit(worker.number, code);
  }

  async exit(number, code) {
    const worker = this.workers[number - 1];
    if (!worker || worker.gone) return;
    const before = worker.outstanding.map((name) => [name, this.sent(name).length]);
    const wanted = Math.min(this.mostWorkers, this.workers.length + 1);
    worker.exit(code);
    await this.patience.until(() => (worker.killed || this.workers.length >= wanted)
      && before.every(([name, count]) => this.ended(name) || this.sent(name).length > count));
  }

  /** Let the workers answer all they have, and what is sent to them meanwhile. */
  async finish() {
    for (let i = 0; i < 200; i++) {
      const worker = this.alive().find(({ outstanding }) => outstanding.length);
      if (!worker) break;
      await this.answer_by(worker.number);
    }
  }

  /** Whoever kills too early gets the time to do so. */
  linger() {
    return new Patience(40).until(() => this.alive().some(({ killed }) => killed));
  }

  /** A job that should be refused, by an exception or a rejection. */
  async refuse(name) {
    this.submitOne(name);
    await this.patience.until(() => this.ended(name) || this.sent(name).length);
  }

  /** The same, in the same moment in which drain() is called: nothing has been awaited. */
  drain_refusing(name) {
    this.drain();
    return this.refuse(name);
  }

  /** When the workers are killed, let them exit, one after the other; then drain has to return. */
  async bury() {
    await this.patience.until(() => this.alive().every(({ killed }) => killed));
    for (const worker of this.alive().filter(({ killed }) => killed)) {
      for (let i = 0; i < 10; i++) await turn(); // time to return too early
      worker.exit(-9);
    }
    await this.patience.until(() => this.drained());
  }

  told() {
    return { drain_raised: this.raised ? [refusal(this.raised)] : [] };
  }
}

export async function play(memory, thread, steps, settings) {
  const play = new SupervisorPlay(settings);
  await play.patience.until(() => play.workers.length >= (settings.size ?? 2));
  return play.play(steps);
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

class Company extends Stage {
  patience = new Patience(5000, 100);

  constructor(settings) {
    super(settings, Process);
  }

  /** Submit each job when the one before is settled; one that `holds` has its process killed, from outside. */
  async work(jobs) {
    for (const job of jobs) {
      this.submitOne(job.job, job);
      if ('holds' in job) {
        await this.patience.until(() => this.sent(job.job).length);
        for (const worker of this.sent(job.job)) worker.process.kill('SIGKILL');
      }
      await this.patience.until(() => this.ended(job.job));
    }
    this.drain();
    await this.patience.until(() => this.drained());
  }

  /** End what is left, and tell what that was. */
  async told() {
    const alive = this.workers.filter(({ process }) => process.exitCode === null && process.signalCode === null);
    for (const { process } of alive) {
      process.kill('SIGKILL');
      await once(process, 'exit');
    }
    return { alive: alive.map(({ number }) => number), processes: this.workers.map(({ process }) => process.pid) };
  }
}

export const kill = (memory, thread, jobs, settings) => new Company(settings).play([['work', jobs]]);
