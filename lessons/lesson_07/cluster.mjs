// A server with fast and slow pages, in five shapes: which of them keeps the fast pages fast, which does most slow ones?
//
//     node lessons/lesson_07/cluster.mjs
//
// Each shape is really started and really asked, over HTTP on a free port of this machine, by load.mjs in a process of
// its own: 200 times a second for a fast page, and all the time for slow ones, by as many clients as there are processes.
import { fork } from 'node:child_process';
import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { lane, now, params, row, span } from '../reporter.mjs';

const FILE = fileURLToPath(import.meta.url);
const LOAD = fileURLToPath(new URL('./load.mjs', import.meta.url));
const SLOW = 50_000; // µs that a slow page takes to calculate, about

/** A slow page: it calculates. */
function calculate(rounds) {
  const start = now();
  let sum = 0;
  for (let i = 0; i < rounds; i++) sum = (sum + i * i) % 1_000_003;
  return { process: process.pid, thread: threadId, start, end: now(), sum };
}

/** Workers that calculate; a job goes to the one with the fewest unfinished ones. */
async function startPool(size) {
  const workers = await Promise.all(Array.from({ length: size }, async () => {
    const worker = new Worker(FILE), unfinished = [];
    await once(worker, 'message'); // it is ready
    worker.on('message', (page) => unfinished.shift()(page));
    return { worker, unfinished };
  }));
  return (rounds) => new Promise((resolve) => {
    const { worker, unfinished } = workers.reduce((a, b) => (b.unfinished.length < a.unfinished.length ? b : a));
    unfinished.push(resolve);
    worker.postMessage(rounds);
  });
}

/** A server process: what is slow is calculated by its workers, or, where it has none, on its event loop. */
async function serve(workers, rounds) {
  process.on('disconnect', () => process.exit()); // with whoever started it
  const slow = workers ? await startPool(workers) : calculate;
  let calculating = 0;
  // region two pages
  const pages = {
    '/fast': () => ({ process: process.pid, calculating }),
    async '/slow'() {
      calculating++;
      const page = await slow(rounds); // <-
      calculating--;
      return page;
    },
  };
  // endregion
  const server = createServer(async ({ url }, response) => response.end(JSON.stringify(await pages[url]())));
  server.listen(0, '127.0.0.1', () => process.send(server.address().port)); // the processes of a cluster get one port
}

/** Start `count` processes with so many workers each; several of them as a cluster, behind one port. */
async function start(count, ...settings) {
  const args = ['serve', ...settings];
  cluster.setupPrimary({ exec: FILE, args });
  const processes = count === 1 ? [fork(FILE, args)] : Array.from({ length: count }, () => cluster.fork().process);
  const [[port]] = await Promise.all(processes.map((each) => once(each, 'message')));
  return { processes, port };
}

async function stop(processes) {
  await Promise.all(processes.map((each) => (each.kill('SIGKILL'), once(each, 'exit'))));
}

/** How many of these spans were under way at the same moment, at most. */
function atOnce(spans) {
  const changes = spans.flatMap(({ start, end }) => [[start, 1], [end, -1]]).sort((a, b) => a[0] - b[0]);
  let most = 0, running = 0;
  for (const [, change] of changes) most = Math.max(most, (running += change));
  return most;
}

async function measure(variant, processes, workers, { client, rounds, seconds, threads }) {
  const servers = await start(processes, workers, rounds);
  client.send({ port: servers.port, seconds, slowClients: threads });
  const [{ begin, end, slow, fast, failed }] = await once(client, 'message');
  await stop(servers.processes);

  const calculator = ({ process, thread }) => (!workers ? process : processes === 1 ? thread : `${process}/${thread}`);
  for (const page of slow) {
    lane(page.thread, workers ? 'worker' : 'server', { process: page.process });
    span('slow', page.thread, page.start, page.end, { process: page.process, scene: variant });
  }
  const latencies = fast.map((page) => page.answered - page.asked).sort((a, b) => a - b);
  const percentile = (p, list = latencies) => Math.round(list[Math.ceil((p / 100) * list.length) - 1] * 1000);
  const took = slow.map((page) => page.end - page.start);
  const perSecond = (pages) => pages.filter((page) => begin <= page.answered && page.answered < end).length / seconds;
  row({
    variant, threads: [...new Set(slow.map(calculator))].sort(),
    per_s: perSecond([...fast, ...slow]), slow_per_s: perSecond(slow),
    slow: slow.length, fast: fast.length, during: fast.filter((page) => page.calculating).length, at_once: atOnce(slow), failed,
    p50: percentile(50), p95: percentile(95), p99: percentile(99),
    // how undisturbed this was: the shortest and the mean calculation, and how late the load's own timers were
    best_ns: Math.round(Math.min(...took) * 1000), mean_ns: Math.round((took.reduce((a, b) => a + b) / took.length) * 1000),
    late_ns: percentile(95, fast.map((page) => page.late).sort((a, b) => a - b)),
  });
}

/** How many rounds a slow page takes here. */
function calibrate() {
  const rounds = 1_000_000, times = [];
  for (let i = 0; i < 5; i++) {
    const before = process.cpuUsage(); // of this process alone, whatever else the machine does
    calculate(rounds);
    times.push(process.cpuUsage(before).user);
  }
  return Math.round((rounds * SLOW) / Math.min(...times));
}

async function main(settings) {
  const client = fork(LOAD);
  const known = { ...settings, client, rounds: calibrate() };
  const n = settings.threads;
  await measure('single', 1, 0, known);
  await measure('one worker', 1, 1, known);
  await measure('workers', 1, n, known);
  await measure('cluster', n, 0, known);
  await measure('both', n, n, known);
  client.disconnect();
}

const [role, workers, rounds] = process.argv.slice(2);
if (!isMainThread) {
  parentPort.on('message', (rounds) => parentPort.postMessage(calculate(rounds)));
  parentPort.postMessage('ready');
} else if (role === 'serve') await serve(Number(workers), Number(rounds));
else await main(params({ threads: 2, seconds: 0.8 }));
