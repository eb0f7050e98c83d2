// The Node process of the executor. Its first line of standard input says which script it is for; then each line is
// a program to get ready ({program}) or a batch of plans for the one that is ready ({plans}), and is answered with
// one JSON line. Workers are kept from program to program; what they have loaded is loaded anew. A process in which
// a thread hangs is of no use any more: it says so in its answer and ends, and the executor starts another.
import { randomBytes } from 'node:crypto';
import readline from 'node:readline';
import { Worker } from 'node:worker_threads';
import * as c from './control.mjs';
import { rewrittenFiles } from './hooks.mjs';
import { locate } from './locate.mjs';
import { Program } from './program.mjs';
import { rename } from './rewrite.mjs';
import { attach } from './block.mjs';
import { wakeThread } from './scheduler.mjs';
import { cpuMs } from './watch.mjs';
import { writeAll } from './write.mjs';

const LOADING_CPU_MS = 2_000; // CPU time that loading may take
const LOADING_MS = 10_000; // and wall-clock time, where it does not use any
const LOOK_MS = 50;

class Host {
  constructor({ mark, script, exercise, busyMs, blockedMs }) {
    this.mark = mark;
    this.files = { script, exercise, known: [], name: `$${randomBytes(8).toString('hex')}` };
    rename(this.files.name);
    this.patience = { busyMs, blockedMs };
    this.blocks = c.allocate();
    this.C = new Int32Array(this.blocks.control);
    this.crew = [];
    this.evaluations = 0;
    attach(this.blocks, -1);
  }

  get threadIds() {
    return this.crew.map((worker) => worker.threadId);
  }

  /** A new number, under which modules are evaluated anew. */
  nextEvaluation() {
    return ++this.evaluations;
  }

  send(value) {
    // A line of its own, with a mark: what a thread may print must not be taken for an answer.
    writeAll(1, `\n${this.mark}${JSON.stringify(value)}\n`);
  }

  /** Rewrite the files here, once for all workers. */
  read() {
    this.files.known = rewrittenFiles([this.files.script, this.files.exercise].filter(Boolean));
  }

  /** Have so many workers at least. */
  grow(count) {
    while (this.crew.length < count) {
      const workerData = { ...this.files, blocks: this.blocks, me: this.crew.length };
      const worker = new Worker(new URL('worker.mjs', import.meta.url), { workerData, execArgv: [] });
      worker.on('message', (answer) => worker.settle?.(answer));
      worker.on('error', (error) => worker.settle?.({ failed: { text: String(error), frames: [] } }));
      worker.on('exit', (code) => {
        if (!worker.settle) process.exit(1); // nobody expects it: no schedule can run any more
        worker.settle({ failed: { text: `ended with exit code ${code}`, frames: [] } });
      });
      this.crew.push(worker);
    }
  }

  /** Let a worker for each thread load the modules; answers when all have, or one could not. */
  async prepare(described) {
    const program = new Program(this, described);
    this.grow(program.threads.length);
    this.C[c.PROGRAM]++;
    const number = this.nextEvaluation();
    const { names, buffers } = program;
    const ready = program.threads.map(([call, args], me) => {
      const worker = this.crew[me];
      const answer = new Promise((settle) => (worker.settle = settle)).finally(() => (worker.settle = null));
      worker.postMessage({ call, args, names, buffers, number });
      wakeThread(me);
      return answer;
    });
    const answers = await this.whileWatched(Promise.all(ready));
    const failed = answers.find((answer) => answer.failed)?.failed;
    program.uncontrolled = answers.find((answer) => answer.uncontrolled)?.uncontrolled ?? null;
    this.send(failed ? { failed, gone: false } : { ready: true, gone: false });
    return failed ? null : program;
  }

  /** The answers, unless loading does not end: then this process does. */
  async whileWatched(answers) {
    const cpu = cpuMs();
    const since = performance.now();
    const timer = setInterval(async () => {
      if (cpuMs() - cpu < LOADING_CPU_MS && performance.now() - since < LOADING_MS) return;
      clearInterval(timer);
      const thread = this.crew.findIndex((worker) => worker.settle);
      const frames = await locate(this.threadIds[thread], 1_000);
      this.send({ failed: { text: 'loading it does not end', frames }, gone: true });
      process.exit(0);
    }, LOOK_MS);
    try {
      return await answers;
    } finally {
      clearInterval(timer);
    }
  }
}

async function main() {
  const lines = readline.createInterface({ input: process.stdin, crlfDelay: Infinity });
  let host = null;
  let program = null;
  for await (const line of lines) {
    const request = JSON.parse(line);
    if (!host) {
      host = new Host(request);
      host.send({ ready: process.version, gone: false });
      host.read();
      host.grow(request.workers);
    } else if (request.program) program = await host.prepare(request.program);
    else {
      const answer = await program.batch(request.plans, request.first);
      host.send(answer);
      if (answer.gone) process.exit(0);
    }
  }
  process.exit(0); // the other side has closed: nothing stays behind
}

await main();
