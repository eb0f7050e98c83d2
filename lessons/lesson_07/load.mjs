// The load of the experiment `cluster`, in its own process: who measures must not wait on the loop that answers.
//
// Fast requests go out at fixed times, whether or not the ones before were answered: a client that waits for its
// answer before it asks again asks least when the server is slowest, and never sees the worst. Each slow client asks
// again as soon as it is answered. Every request has its own connection. `load.py` is the same in Python.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from '../reporter.mjs';

const EVERY = 5_000; // µs from one fast request to the next
const WARM_UP = 250_000; // µs at the beginning that do not count
const TIME_LIMIT_MS = 10_000; // for one answer

/** Ask for `path`; what the server said, with when it was asked and answered. Rejects when no answer came. */
function ask(port, path) {
  return new Promise((resolve, reject) => {
    const asked = now();
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`));
    socket.setTimeout(TIME_LIMIT_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => { text += data; });
    socket.on('end', () => resolve({ ...JSON.parse(text.slice(text.indexOf('\r\n\r\n'))), asked, answered: now() }));
    socket.on('error', reject);
  });
}

async function load({ port, seconds, slowClients }) {
  const first = now(), begin = first + WARM_UP, end = begin + seconds * 1e6;
  const fast = [], slow = [];
  let failed = 0;
  const note = (list, more) => (answer) => { list.push({ ...answer, ...more }); };
  const fail = () => { failed++; };

  async function slowClient() {
    while (now() < end) await ask(port, '/slow').then(note(slow), fail);
  }

  async function fastClients() {
    const asked = [];
    for (let due = first; due < end; due += EVERY) {
      await sleep(Math.max(0, due - now()) / 1000);
      asked.push(ask(port, '/fast').then(note(fast, { late: now() - due }), fail));
    }
    await Promise.all(asked);
  }

  await Promise.all([fastClients(), ...Array.from({ length: slowClients }, slowClient)]);
  return { begin, end, slow, fast: fast.filter(({ asked }) => asked >= begin), failed };
}

process.on('disconnect', () => process.exit()); // whoever wanted to know is gone
process.on('message', async (settings) => process.send(await load(settings)));
