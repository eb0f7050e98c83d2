// A pool you did not start: libuv's. It reads files, and it hashes passwords. Fill it, and see what reading a file has to wait for.
//
//     node lessons/lesson_08/hidden_pools.mjs
//
// How many threads it has, UV_THREADPOOL_SIZE says, before Node.js starts: so each variant is a Node.js of its own.
import { fork } from 'node:child_process';
import { pbkdf2 } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { now, params, row } from '../reporter.mjs';

const FILE = fileURLToPath(import.meta.url);
const SLOW = 2; // passwords

/** Hash passwords and read a file, all at once: what is done first? */
async function race(rounds, sizeInCode) {
  if (sizeInCode) {
    await readFile(FILE); // the pool is at work
    process.env.UV_THREADPOOL_SIZE = sizeInCode;
  }
  const begin = now(), order = [];
  // region hashes, then a small file
  const hash = async () => {
    await promisify(pbkdf2)('correct horse', 'battery staple', rounds, 64, 'sha512');
    order.push('slow');
  };
  const read = async () => {
    await readFile(FILE);
    order.push('quick');
    return now() - begin;
  };
  const hashes = Array.from({ length: SLOW }, hash);
  const took = await read(); // <-
  // endregion
  await Promise.all(hashes);
  process.send({ first: order[0], took_ns: Math.round(took * 1000) }, () => process.disconnect());
}

async function measure(variant, size, { rounds }, inCode = '') {
  const env = { ...process.env, UV_THREADPOOL_SIZE: String(size) };
  const child = fork(FILE, ['race', rounds, inCode], { env });
  const [seen] = await once(child, 'message');
  await once(child, 'exit');
  row({ variant, threads: [child.pid], size, slow: SLOW, ...seen });
}

async function main(settings) {
  await measure('4 threads, as it is by default', 4, settings);
  await measure('1 thread: UV_THREADPOOL_SIZE=1', 1, settings);
  await measure('set to 1 in code, after the first use', 4, settings, '1');
}

const [role, rounds, sizeInCode] = process.argv.slice(2);
if (role === 'race') await race(Number(rounds), sizeInCode);
else await main(params({ rounds: 150_000 }));
