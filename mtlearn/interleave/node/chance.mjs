// Clocks and random numbers: the same in every run of a schedule. The numbers of a thread follow from the seed of the
// plan; that a program has drawn some is told, since other numbers may lead elsewhere.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import * as c from './control.mjs';
import { define } from './define.mjs';
import { putOff } from './events.mjs';
import { active, C } from './block.mjs';

const require = createRequire(import.meta.url);
const EPOCH = 1_700_000_000_000;
const START_MS = 1_000; // since the process has begun, by its own clock

let state = 1;

/** Start the random numbers of a thread anew. */
export function beginChance(thread) {
  state = (Math.imul(C[c.NUMBERS] * 16 + thread + 1, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
}

/** Draw 32 random bits. */
function bits() {
  if (active()) C[c.DREW] = C[c.UNTOLD] = 1;
  state = (state + 0x6d2b79f5) >>> 0; // mulberry32
  let x = Math.imul(state ^ (state >>> 15), state | 1);
  x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
  return (x ^ (x >>> 14)) >>> 0;
}

const random = () => (bits() * 2 ** 21 + (bits() >>> 11)) / 2 ** 53;

function fill(view, from = 0, count = view.byteLength - from) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + from, count);
  for (let i = 0; i < count; i++) bytes[i] = bits();
  return view;
}

/** The same as a function that calls back, in a turn of its own. */
const callingBack = (work) => (...args) => {
  const callback = args.at(-1);
  if (typeof callback !== 'function') return work(...args);
  const result = work(...args.slice(0, -1));
  putOff('message', () => callback(null, result));
  return undefined;
};

function randomInt(first, second) {
  const [from, to] = second === undefined ? [0, first] : [first, second];
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || to <= from) throw new RangeError('out of range');
  return from + Math.floor(random() * (to - from));
}

function randomUUID() {
  const bytes = fill(Buffer.alloc(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function installRandom() {
  define(Math, 'random', random);
  const crypto = require('node:crypto');
  const { BYTES_PER_ELEMENT: one } = Uint8Array;
  const filled = (view, from = 0, count = undefined) => {
    const size = view.BYTES_PER_ELEMENT ?? one;
    return fill(view, from * size, count === undefined ? undefined : count * size);
  };
  define(crypto, 'randomBytes', callingBack((count) => fill(Buffer.alloc(count))));
  define(crypto, 'pseudoRandomBytes', crypto.randomBytes);
  define(crypto, 'randomFillSync', filled);
  define(crypto, 'randomFill', callingBack(filled));
  define(crypto, 'randomInt', callingBack(randomInt));
  define(crypto, 'randomUUID', randomUUID);
  const { prototype } = globalThis.crypto.constructor;
  define(prototype, 'getRandomValues', (view) => fill(view));
  define(prototype, 'randomUUID', randomUUID);
}

// Every look at the clock moves it by one millisecond, so that a loop that waits for a time limit ends.
function tick() {
  C[c.UNTOLD] = 1;
  return START_MS + ++C[c.NOW];
}

function installClocks() {
  define(Object.hasOwn(performance, 'now') ? performance : Object.getPrototypeOf(performance), 'now', tick);
  const now = () => EPOCH + tick();
  define(Date, 'now', now);
  define(globalThis, 'Date', new Proxy(Date, {
    apply: (target) => new target(now()).toString(),
    construct: (target, args, newTarget) => Reflect.construct(target, args.length ? args : [now()], newTarget),
  }));
  define(Date.prototype, 'constructor', Date);
  const hrtime = (since = [0, 0]) => {
    const ms = tick() - since[0] * 1000 - since[1] / 1e6;
    return [Math.floor(ms / 1000), Math.round((ms % 1000) * 1e6)];
  };
  hrtime.bigint = () => BigInt(tick()) * 1_000_000n;
  define(process, 'hrtime', hrtime);
  define(process, 'uptime', () => tick() / 1000);
}

/** Replace the clocks and random numbers of this realm; before natives.mjs, whose yield points stand around them. */
export function installChance() {
  installRandom();
  installClocks();
  syncBuiltinESMExports();
}
