// A worker that never ends, or wants more and more memory: what stops it, and what does it take along?
//
//     node lessons/lesson_09/runaway.mjs
//
// Whatever may bring a whole process down happens in its own process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { now, row } from '../reporter.mjs';

const FILE = fileURLToPath(import.meta.url);
const MB = 1_000_000;
const LOCK = 0, TURNS = 1;

// region three jobs
const jobs = {
  'never end': (memory) => {
    Atomics.store(memory, LOCK, 1); // it holds a lock in shared memory, and will not give it back
    for (;;) Atomics.add(memory, TURNS, 1); // <-
  },
  'let an array grow': () => {
    for (const list = []; ; ) list.push(list.length);
  },
  'take 400 MB': () => parentPort.postMessage(Buffer.alloc(400 * MB).length),
};
// endregion

async function endless() {
  const memory = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(FILE, { workerData: ['never end', memory] });
  const threads = [worker.threadId];
  while (!Atomics.load(memory, TURNS)) await new Promise(setImmediate);

  const answer = once(worker, 'message').catch(() => {});
  const late = new Promise((resolve) => { setTimeout(resolve, 20, 'late'); });
  const seen = await Promise.race([answer, late]);
  const turns = Atomics.load(memory, TURNS);
  while (Atomics.load(memory, TURNS) === turns) await new Promise(setImmediate); // until it has done some more
  row({ variant: 'a time limit on the answer', threads, end: seen, after: 'it still runs' });

  const start = now();
  const code = await worker.terminate();
  const after = Atomics.load(memory, LOCK) ? 'its lock is still held' : 'its lock is free';
  row({ variant: 'terminate()', threads, end: `exit ${code}`, took_ns: Math.round((now() - start) * 1000), after });
}

/** Run a job in a Worker with this limit, in its own process; what became of the Worker, and of the process. */
async function limited(job, megabytes) {
  const command = [process.execPath, FILE, job, megabytes];
  if (process.platform !== 'win32') {
    command.unshift('/bin/sh', '-c', 'ulimit -c 0; exec "$@"', 'sh'); // a process that aborts shall leave no core file
  }
  const child = spawn(command[0], command.slice(1), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  let end = 'nothing';
  child.on('message', (message) => { end = message; });
  const [code, signal] = await once(child, 'exit');
  const lives = code === 0;
  return {
    threads: [child.pid], limit: megabytes * MB, end: lives ? end : `${signal ?? `exit ${code}`} of the process`,
    after: lives ? 'the process lives' : 'the process is gone',
  };
}

/** That process. */
function limit(job, megabytes) {
  process.on('disconnect', () => process.exit()); // its parent is gone
  const worker = new Worker(FILE, { workerData: [job], resourceLimits: { maxOldGenerationSizeMb: megabytes } });
  const tell = (what) => process.send(what, () => process.exit(0));
  worker.on('message', (bytes) => tell(`it got ${bytes / MB} MB`));
  worker.on('error', (error) => tell(error.code));
}

async function main() {
  await endless();
  row({ variant: 'resourceLimits: an array grows', ...(await limited('let an array grow', 16)) });
  row({ variant: 'resourceLimits: a Buffer', ...(await limited('take 400 MB', 16)) });
  // Which limit is one too many differs from version to version.
  for (const megabytes of [96, 64, 128]) {
    const seen = await limited('let an array grow', megabytes);
    if (seen.after === 'the process lives' && megabytes !== 128) continue;
    row({ variant: 'resourceLimits: it grows further', ...seen });
    break;
  }
}

const [, , job, megabytes] = process.argv;
if (!isMainThread) jobs[workerData[0]](workerData[1]);
else if (job) limit(job, Number(megabytes));
else await main();
