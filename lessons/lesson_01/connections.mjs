// What is one thread good at? 500 connections at once, as long as each of them mostly waits.
//
//     node lessons/lesson_01/connections.mjs
//
// A real server and its clients, all on one event loop. All connections are opened first; then every client asks.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { threadId } from 'node:worker_threads';
import { now, params, row, span } from '../reporter.mjs';

/** One request of each kind: it waits as for a database, or it calculates. */
// region a request that waits, one that calculates
const answers = {
  async wait({ wait_ms }) {
    await new Promise((resolve) => setTimeout(resolve, wait_ms)); // <-
  },
  async calculate({ rounds }) {
    let hash = 'password';
    for (let i = 0; i < rounds; i++) hash = createHash('sha256').update(hash).digest();
  },
};
// endregion

/** Counts what goes on in the server. */
class Watch {
  ids = new Set();
  open = 0;
  mostOpen = 0;
  asked = 0;
  mostAsked = 0; // requests under way at the same moment
  work = 0; // µs from the beginning of each request to its end, added up

  async request(answer) {
    this.ids.add(threadId);
    this.asked++;
    this.mostAsked = Math.max(this.mostAsked, this.asked);
    const start = now();
    await answer();
    this.work += now() - start;
    this.asked--;
  }
}

/** A server that answers each line it gets. */
async function startServer(watch, answer) {
  const server = createServer((socket) => {
    watch.mostOpen = Math.max(watch.mostOpen, ++watch.open);
    socket.on('close', () => watch.open--);
    socket.on('data', async () => {
      await watch.request(answer);
      socket.write('done\n');
    });
  });
  server.listen(0, '127.0.0.1', 1000);
  await once(server, 'listening');
  return server;
}

async function open(port) {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

async function ask(socket) {
  socket.write('please\n');
  await once(socket, 'data');
}

async function measure(variant, kind, connections, settings, together = true) {
  const watch = new Watch();
  const server = await startServer(watch, () => answers[kind](settings));
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(server.address().port)));
  const start = now();
  if (together) await Promise.all(sockets.map(ask));
  else for (const socket of sockets) await ask(socket);
  const end = now();
  for (const socket of sockets) socket.destroy();
  server.close();
  span(variant, threadId, start, end);
  row({
    variant, threads: [...watch.ids], connections, open: watch.mostOpen, at_once: watch.mostAsked,
    work_ns: Math.round(watch.work * 1000), wall_ns: Math.round((end - start) * 1000),
  });
}

const settings = params({ connections: 500, wait_ms: 50, rounds: 500 });
const few = Math.max(2, Math.floor(settings.connections / 50));
await measure('each waits, one after the other', 'wait', few, settings, false);
await measure('each waits, all at once', 'wait', settings.connections, settings);
await measure('each calculates, all at once', 'calculate', settings.connections, settings);
