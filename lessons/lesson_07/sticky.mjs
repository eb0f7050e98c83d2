// Who answers, and who remembers? 20 requests to a cluster of two processes, each of which counts what it answers.
//
//     node lessons/lesson_07/sticky.mjs
//
// The primary process takes every connection and hands them to its processes in turn. A connection that is kept open
// ("keep-alive") stays with the process that got it. The last time, the count is not kept by the processes, but by the
// primary, which they ask.
import cluster from 'node:cluster';
import { once } from 'node:events';
import { Agent, createServer, get } from 'node:http';
import { lane, mark, now, params, row } from '../reporter.mjs';

/** A process of the cluster: what it answers tells who it is and how many requests it knows of. */
function serve() {
  // region each process counts
  let own = 0;
  const asked = []; // whoever waits for a number of the primary
  process.on('message', (number) => asked.shift()(number));
  const counts = {
    '/own': () => ++own, // <-
    '/shared': () => new Promise((resolve) => {
      asked.push(resolve);
      process.send('count');
    }),
  };
  // endregion
  const server = createServer(async ({ url }, response) => {
    const count = await counts[url]();
    response.end(JSON.stringify({ process: process.pid, count, at: now() }));
  });
  server.listen(0, '127.0.0.1');
}

/** The primary: start the processes; the port they share. */
async function start(processes) {
  cluster.schedulingPolicy = cluster.SCHED_RR; // in turn: the default, but not on Windows
  let count = 0;
  cluster.on('message', (worker, message) => worker.send(++count));
  const workers = Array.from({ length: processes }, () => cluster.fork());
  const [[{ port }]] = await Promise.all(workers.map((worker) => once(worker, 'listening')));
  for (const worker of workers) lane(worker.process.pid, 'process', { process: worker.process.pid });
  return { port, pids: workers.map((worker) => worker.process.pid) };
}

async function ask(port, path, agent) {
  const [response] = await once(get({ host: '127.0.0.1', port, path, agent }), 'response');
  let text = '';
  for await (const part of response) text += part;
  return JSON.parse(text);
}

async function measure(variant, { port, pids }, requests, path, agent) {
  const answers = [];
  for (let i = 0; i < requests; i++) answers.push(await ask(port, path, agent));
  if (agent) agent.destroy();
  for (const answer of answers) mark(String(answer.count), answer.process, { process: answer.process, at: answer.at, scene: variant });
  row({
    variant, threads: pids, requests,
    answered: pids.map((pid) => answers.filter((answer) => answer.process === pid).length),
    counted: Math.max(...answers.map((answer) => answer.count)),
  });
}

async function main({ requests, processes }) {
  for (const [variant, path, agent] of [
    ['a connection each', '/own', false],
    ['one connection, kept alive', '/own', new Agent({ keepAlive: true, maxSockets: 1 })],
    ['a connection each, one counter', '/shared', false],
  ]) {
    const servers = await start(processes); // anew each time, with counters at 0
    await measure(variant, servers, requests, path, agent);
    await new Promise((resolve) => cluster.disconnect(resolve));
    cluster.removeAllListeners('message');
  }
}

if (cluster.isPrimary) await main(params({ requests: 20, processes: 2 }));
else serve();
