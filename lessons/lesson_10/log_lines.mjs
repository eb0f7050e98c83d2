// Many workers log. Who writes the lines, what does a line cost, and which are lost?
//
//     node lessons/lesson_10/log_lines.mjs
//
// Every line is one JSON object with the id of the thread it comes from.
import { AsyncLocalStorage } from 'node:async_hooks';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { npmPackage, params, row } from '../reporter.mjs';

const FILE = fileURLToPath(import.meta.url);
const PACKAGES = ['winston', 'bunyan', 'pino'];
const currentRequest = new AsyncLocalStorage();

/** Ways to write records to a file: each gives { log(record), close() }. */
const loggers = {
  /** When the call returns, the system has the line. */
  writeSync(file) {
    const fd = openSync(file, 'a');
    return { log: (record) => writeSync(fd, JSON.stringify(record) + '\n'), close() {} };
  },
  /** The stream keeps the line, and writes it in a later turn of the event loop. */
  createWriteStream(file) {
    const stream = createWriteStream(file);
    return { log: (record) => stream.write(JSON.stringify(record) + '\n'), close: () => finished(stream.end()) };
  },
  async winston(filename) {
    const { createLogger, format, transports } = await npmPackage('winston');
    const transport = new transports.File({ filename });
    const logger = createLogger({ format: format.json(), transports: [transport] });
    return {
      log: ({ event, ...record }) => logger.info(event, record),
      close() {
        logger.end();
        return once(transport, 'finish');
      },
    };
  },
  async bunyan(file) {
    const { createLogger } = await npmPackage('bunyan');
    const stream = createWriteStream(file);
    const logger = createLogger({ name: 'demo', streams: [{ stream }] });
    return { log: ({ event, ...record }) => logger.info(record, event), close: () => finished(stream.end()) };
  },
  async pino(dest) {
    const { default: pino, destination } = await npmPackage('pino');
    const logger = pino(destination({ dest, sync: true }));
    return { log: ({ event, ...record }) => logger.info(record, event), close() {} };
  },
};

/** Whether a way to write can be used here; else its row says why not. */
const isHere = async (how, variant) => !PACKAGES.includes(how) || Boolean(await npmPackage(how, variant));

const JOB_DONE = { event: 'job done', thread: threadId };

function linesIn(file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return text.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

function told(variant, threads, sent, arrived, more) {
  row({ variant, threads, lines: sent, arrived: arrived.length, lost: sent - arrived.length, ...more });
}

/** Log so many times; how long one call takes, the middle one of them all. */
class Stopwatch {
  times = [];

  time(work) {
    const start = performance.now();
    work();
    this.times.push(performance.now() - start);
  }

  get median() {
    return Math.round(this.times.sort((a, b) => a - b)[this.times.length >> 1] * 1e6);
  }
}

const startWorker = (job, more, options) => new Worker(FILE, { workerData: { job, ...more }, ...options });

// ---- many workers, one file: they post their lines, and one thread writes them

async function manyWorkers(how, folder, threads, lines) {
  const variant = `${threads} workers, one port, ${how}`, file = join(folder, how), watch = new Stopwatch();
  if (!(await isHere(how, variant))) return;
  const logger = await loggers[how](file);
  // region workers log, one thread writes
  const workers = Array.from({ length: threads }, () => startWorker('post', { lines }));
  const ids = workers.map((worker) => worker.threadId);
  for (const worker of workers) worker.on('message', (record) => watch.time(() => logger.log(record))); // <-
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  // endregion
  await logger.close();
  const arrived = linesIn(file), seen = [...new Set(arrived.map((line) => line.thread))].sort((a, b) => a - b);
  told(variant, ids, threads * lines, arrived, { ns_per_line: watch.median, seen });
}

// ---- a slow handler, a fast one

const handlers = {
  'a fast handler': (file) => loggers.writeSync(file).log,
  'a slow handler': (file) => {
    const { log } = loggers.writeSync(file), never = new Int32Array(new SharedArrayBuffer(4));
    return (record) => {
      Atomics.wait(never, 0, 0, 2); // 2 ms, as over a network
      log(record);
    };
  },
};

/** The same lines, written at once and by another thread: how long does who logs wait for each? */
async function slowAndFast(name, folder, lines) {
  const here = join(folder, `${name}, at once`), atOnce = new Stopwatch(), write = handlers[name](here);
  for (let i = 0; i < lines; i++) atOnce.time(() => write(JOB_DONE));
  told(`${name}, at once`, [threadId], lines, linesIn(here), { ns_per_line: atOnce.median });

  const there = join(folder, `${name}, through a port`), posted = new Stopwatch();
  const writer = startWorker('write', { name, file: there });
  for (let i = 0; i < lines; i++) posted.time(() => writer.postMessage(JOB_DONE));
  writer.postMessage('end');
  await once(writer, 'exit');
  told(`${name}, through a port`, [threadId], lines, linesIn(there), { ns_per_line: posted.median });
}

// ---- the end of a worker, and of a program

/** A worker logs, says that it is done, and is terminated. */
async function terminated(how, folder, lines) {
  const file = join(folder, `terminated, ${how}`);
  const worker = startWorker('log', { how, file, lines }, { stdout: true });
  const id = worker.threadId;
  let printed = '';
  worker.stdout.on('data', (data) => { printed += data; });
  await once(worker, 'message');
  await worker.terminate();
  const arrived = how === 'console.log' ? printed.split('\n').filter(Boolean) : linesIn(file);
  told(`terminate(), ${how}`, [id], lines, arrived);
}

/** Programs that log and end by process.exit(): each is its own process. They run at the same time. */
async function programsThatEnd(folder, lines) {
  const running = [];
  for (const how of Object.keys(loggers)) {
    const variant = `process.exit(), ${how}`, file = join(folder, variant);
    if (!(await isHere(how, variant))) continue;
    const program = spawn(process.execPath, [FILE, how, file, lines], { stdio: 'ignore' });
    process.once('exit', () => program.kill());
    running.push({ variant, file, program, end: once(program, 'exit') });
  }
  for (const { variant, file, program, end } of running) {
    await end;
    told(variant, [program.pid], lines, linesIn(file));
  }
}

async function logAndExit(how, file, lines) {
  const logger = await loggers[how](file);
  for (let i = 0; i < lines; i++) logger.log(JOB_DONE);
  process.exit();
}

// ---- whose line is it?

/** A request is served with the help of a worker that was started while another one was. */
async function requests() {
  const worker = currentRequest.run('r-1', () => startWorker('serve'));
  const id = worker.threadId, lines = [];
  worker.on('message', (line) => lines.push(line, currentRequest.getStore()));
  await currentRequest.run('r-7', async () => {
    worker.postMessage({});
    worker.postMessage({ request: currentRequest.getStore() });
    await once(worker, 'exit');
    lines.push(currentRequest.getStore());
  });
  const [inWorker, inListener, sentAlong, , afterAwait] = lines;
  const says = (where, thread, request) => told(`request r-7, ${where}`, [thread], 1, [request], { request: request ?? 'none' });
  says('after an await', threadId, afterAwait);
  says('in a worker', id, inWorker);
  says('in the listener of its answer', threadId, inListener);
  says('its id sent along', id, sentAlong);
}

// ---- what a worker does

const jobs = {
  post() {
    for (let i = 0; i < workerData.lines; i++) parentPort.postMessage(JOB_DONE);
  },
  write() {
    const log = handlers[workerData.name](workerData.file);
    parentPort.on('message', (record) => (record === 'end' ? parentPort.close() : log(record)));
  },
  log() {
    const { how, file, lines } = workerData;
    const log = how === 'console.log' ? console.log : loggers[how](file).log;
    for (let i = 0; i < lines; i++) log(JOB_DONE);
    parentPort.postMessage('done');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // busy with something else, until it is terminated
  },
  serve() {
    const answer = () => parentPort.postMessage(currentRequest.getStore());
    parentPort.on('message', ({ request }) => {
      if (!request) return answer();
      currentRequest.run(request, answer);
      parentPort.close();
    });
  },
};

async function main({ threads, lines }) {
  const folder = mkdtempSync(join(tmpdir(), 'log-lines-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) process.once(signal, () => process.exit(code));
  for (const how of ['writeSync', ...PACKAGES]) await manyWorkers(how, folder, threads, lines);
  await slowAndFast('a slow handler', folder, lines / 5);
  await slowAndFast('a fast handler', folder, lines);
  for (const how of ['console.log', 'writeSync']) await terminated(how, folder, 8 * lines);
  await programsThatEnd(folder, lines);
  await requests();
}

if (!isMainThread) jobs[workerData.job]();
else if (process.argv[2]) await logAndExit(process.argv[2], process.argv[3], Number(process.argv[4]));
else await main(params({ threads: 4, lines: 250 }));
