// What goes along with a message, though nobody meant to send it?
//
//     node lessons/lesson_09/leak.mjs
//
// Each time something small is meant for the other side, and a password lies near it. Did it arrive too?
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { row, skip } from '../reporter.mjs';

const FILE = new URL(import.meta.url);
const PASSWORD = 'hunter2-hunter2';

/** How many bytes these are, and whether the password is among them. */
function look(bytes) {
  return { arrived: bytes.length, password: bytes.includes(PASSWORD) ? 'came too' : 'not there' };
}

function work() {
  if (workerData === 'env') return parentPort.postMessage(look(Object.entries(process.env).join('\n')));
  if (workerData === 'throws') JSON.parse(PASSWORD); // "not valid JSON", it says, and quotes it
  parentPort.on('message', (message) => {
    const bytes = ArrayBuffer.isView(message) ? Buffer.from(message.buffer) : serialize(message);
    parentPort.postMessage(look(bytes));
  });
}

class User {
  constructor(name, password) {
    Object.assign(this, { name, password });
  }
}

async function messages() {
  const worker = new Worker(FILE);
  const id = worker.threadId;
  const send = async (variant, meant, message) => {
    worker.postMessage(message);
    const [seen] = await once(worker, 'message');
    row({ variant, threads: [id], meant, ...seen });
  };
  let secret, small;
  let tries = 1000; // without a pool they never meet
  do {
    secret = Buffer.from(PASSWORD); // these two come from one pool, unless it ends just here
    small = Buffer.from('hi');
  } while (small.buffer !== secret.buffer && --tries > 0);
  await send("Buffer.from('hi')", 2, small);
  await send('new Uint8Array(that Buffer)', 2, new Uint8Array(small)); // a copy of its own two bytes

  // region two bytes of a page
  const page = new Uint8Array(4096);
  page.set(secret, 100);
  await send('page.subarray(0, 2)', 2, page.subarray(0, 2)); // <-
  await send('page.slice(0, 2)', 2, page.slice(0, 2));
  // endregion

  const user = new User('Ada', PASSWORD);
  const meant = serialize({ name: user.name }).length;
  await send('a whole user', meant, user);
  await send('{ name: user.name }', meant, { name: user.name });
  await worker.terminate();
}

/** An error in a worker is a message too: its text comes with it. */
async function errors() {
  const worker = new Worker(FILE, { workerData: 'throws' });
  const id = worker.threadId;
  const [error] = await once(worker, 'error');
  row({ variant: 'an uncaught error', threads: [id], ...look(error.message) });
}

async function environments() {
  for (const [variant, options] of [['Worker', {}], ['Worker, env: {}', { env: {} }]]) {
    const worker = new Worker(FILE, { ...options, workerData: 'env' });
    const id = worker.threadId;
    const [seen] = await once(worker, 'message');
    row({ variant, threads: [id], meant: 0, ...seen });
  }
}

/** Linux shows with what a process was started: its environment to its owner, its arguments to everybody. */
async function processes() {
  const idle = ['-e', 'console.log("here"); process.stdin.resume()'];
  const children = [
    ['a process', 'environ', idle, {}],
    ['a process, env: {}', 'environ', idle, { env: {} }],
    ['a process, password as argument', 'cmdline', [...idle, PASSWORD], {}],
  ];
  for (const [variant, shown, args, options] of children) {
    if (!existsSync('/proc/self/environ')) {
      skip(variant, 'this system does not show it in /proc');
      continue;
    }
    const child = spawn(process.execPath, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
    await once(child.stdout, 'data'); // it runs
    row({ variant, threads: [child.pid], meant: 0, ...look(readFileSync(`/proc/${child.pid}/${shown}`)) });
    child.stdin.end(); // its last reason to stay
    await once(child, 'exit');
  }
}

async function main() {
  process.env.API_KEY = PASSWORD;
  await messages();
  await errors();
  await environments();
  await processes();
}

if (isMainThread) await main();
else work();
