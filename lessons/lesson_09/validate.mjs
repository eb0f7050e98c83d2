// Which checks keep hostile messages out, and what do they cost? And can a message change after it was checked?
//
//     node lessons/lesson_09/validate.mjs
//
// First a good message and nine bad ones go through each check. Then two threads share memory: one checks an amount and
// pays it, while the other keeps changing it.
import { once } from 'node:events';
import { isMainThread, parentPort, threadId, Worker, workerData } from 'node:worker_threads';
import { now, npmPackage, params, row } from '../reporter.mjs';

const NAME = /^[A-Za-z0-9-]{1,32}$/;
const GOOD = { type: 'transfer', from: 'alice', to: 'bob', amount: 100 };
const BAD = [
  { ...GOOD, amount: '100' },
  { ...GOOD, amount: true },
  { ...GOOD, amount: 1.5 },
  { ...GOOD, amount: 0 },
  { ...GOOD, to: 'no such/name' },
  { ...GOOD, note: null },
  { ...GOOD, admin: true },
  JSON.parse(JSON.stringify(GOOD).replace('}', ', "__proto__": {"admin": true}}')), // its own key
  { type: 'transfer', from: 'alice', amount: 100 },
];

// ---- the checks: each takes a message, and tells whether it is a good one

const isThere = (message) => message.type && message.from && message.to && message.amount;

const isName = (value) => typeof value === 'string' && NAME.test(value);
const KNOWN = new Set(['type', 'from', 'to', 'amount', 'note']);

function byHand(message) {
  return Reflect.ownKeys(message).every((key) => KNOWN.has(key)) &&
    message.type === 'transfer' && isName(message.from) && isName(message.to) &&
    Number.isInteger(message.amount) && message.amount >= 1 && message.amount <= 1_000_000 &&
    (!Object.hasOwn(message, 'note') || (typeof message.note === 'string' && [...message.note].length <= 140));
}

function withZod(zod, strict) {
  const { z } = zod;
  const fields = {
    type: z.literal('transfer'), from: z.string().regex(NAME), to: z.string().regex(NAME),
    amount: z.int().min(1).max(1_000_000), note: z.string().max(140).optional(),
  };
  const schema = strict ? z.strictObject(fields) : z.object(fields);
  return (message) => schema.safeParse(message).success;
}

function withAjv(Ajv, strict) {
  const name = { type: 'string', pattern: NAME.source };
  return new Ajv().compile({
    type: 'object', additionalProperties: !strict, required: ['type', 'from', 'to', 'amount'],
    properties: {
      type: { const: 'transfer' }, from: name, to: name,
      amount: { type: 'integer', minimum: 1, maximum: 1_000_000 }, note: { type: 'string', maxLength: 140 },
    },
  });
}

/** How many of the messages it refuses, and what it costs to check a good one. */
function measure(variant, check, seconds) {
  const refused = BAD.filter((message) => !check(message)).length;
  const end = now() + seconds * 1e6;
  let fastest = Infinity; // of many rounds: the others met the compiler, the garbage collector or another program
  for (let round = 0; round < 20 || now() < end; round++) {
    const start = now();
    for (let i = 0; i < 1000; i++) check(GOOD);
    fastest = Math.min(fastest, now() - start);
  }
  row({
    variant, threads: [threadId], good: check(GOOD) ? 'passed' : 'refused', refused, bad: BAD.length,
    ns_per_message: Math.round(fastest), // a thousand messages in so many microseconds
  });
}

async function checks(seconds) {
  measure('is it there?', isThere, seconds);
  measure('checks by hand', byHand, seconds);
  for (const [name, check] of [['zod', withZod], ['ajv', withAjv]]) {
    const variants = [`${name}, by default`, `${name}, strict`];
    const library = await npmPackage(name, ...variants);
    if (library) variants.forEach((variant, strict) => measure(variant, check(library, strict === 1), seconds));
  }
}

// ---- a message in shared memory

const MOST = 1_000_000, HUGE = 1_000_000_000; // what may be paid, and what the other would like
const SENT = 'for comparison: sent there and back';
const LEAST = 30; // payments that are watched, however slow this machine is
const AMOUNT = 0, STOP = 1, TURNS = 2, NEVER = 3;

/** The other thread: it sends a few messages back, then changes the amount until it is told to stop. */
function beTheOther(memory) {
  parentPort.on('message', (message) => {
    parentPort.postMessage(message);
    if (message !== 'now') return;
    while (!Atomics.load(memory, STOP)) {
      Atomics.store(memory, AMOUNT, GOOD.amount);
      Atomics.store(memory, AMOUNT, HUGE);
      Atomics.add(memory, TURNS, 1);
    }
    parentPort.close();
  });
}

/** A line for the log, a look into a table: something is always in between, and the other has its turn meanwhile. */
function somethingElse(memory) {
  const turns = Atomics.load(memory, TURNS);
  while (Atomics.load(memory, TURNS) === turns) Atomics.wait(memory, NEVER, 0, 0.1);
}

// region check and read, copy and check
function checkThenRead(memory) {
  if (Atomics.load(memory, AMOUNT) > MOST) return 0;
  somethingElse(memory);
  return Atomics.load(memory, AMOUNT); // <-
}

function copyThenCheck(memory) {
  const amount = Atomics.load(memory, AMOUNT);
  if (amount > MOST) return 0;
  somethingElse(memory);
  return amount;
}
// endregion

/** How often something was paid, and how often that was more than may be paid. */
function pay(variant, amountFrom, memory, other, seconds) {
  const end = now() + seconds * 1e6;
  let paid = 0, tooMuch = 0;
  while (now() < end || paid < LEAST) {
    const amount = amountFrom(memory);
    if (amount > 0) paid++;
    if (amount > MOST) tooMuch++;
  }
  row({ variant, threads: [threadId, other], paid, too_much: tooMuch });
}

async function sharedMemory(seconds) {
  const memory = new Int32Array(new SharedArrayBuffer(16));
  memory[AMOUNT] = GOOD.amount;
  const worker = new Worker(new URL(import.meta.url), { workerData: memory });
  const other = worker.threadId;
  let fastest = Infinity;
  for (let trip = 0; trip < 200; trip++) {
    const start = now();
    worker.postMessage(GOOD);
    await once(worker, 'message');
    fastest = Math.min(fastest, now() - start);
  }
  row({ variant: SENT, threads: [threadId, other], ns_per_message: Math.round(fastest * 1000) });

  worker.postMessage('now');
  await once(worker, 'message');
  pay('shared: check, then read again', checkThenRead, memory, other, seconds);
  pay('shared: copy, then check', copyThenCheck, memory, other, seconds);
  Atomics.store(memory, STOP, 1);
  await once(worker, 'exit');
}

async function main({ seconds }) {
  await checks(seconds / 4);
  await sharedMemory(seconds);
}

if (isMainThread) await main(params({ seconds: 0.2 }));
else beTheOther(workerData);
