// Elements of typed arrays over shared memory: each access is a yield point. What rewrite.mjs puts into the learner's
// modules ends here.
import { READS, WRITES } from './control.mjs';
import { define, defineUnseen } from './define.mjs';
import { NAME, rewrite, telltale } from './rewrite.mjs';
import { done, plainFile, stand, where } from './steps.mjs';

const { isView } = ArrayBuffer;
const { get: getProperty } = Reflect;
const { get: bufferOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int32Array.prototype), 'buffer');
const { get: kindOf } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int32Array.prototype), Symbol.toStringTag);
const KINDS = new Map(
  [
    Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
    Float32Array, Float64Array, BigInt64Array, BigUint64Array, globalThis.Float16Array,
  ].filter(Boolean).map((Kind) => [Kind.name, Kind]),
);
const Shared = SharedArrayBuffer;
const OWN_BUFFERS = 1 << 16; // buffers of a thread's own are numbered from there; decoder.py knows
const CHUNKS = 8; // operations on a whole long array are that many yield points, not one for each element

const idOf = new WeakMap(); // SharedArrayBuffer → number
const sharedOf = new WeakMap(); // typed array → whether its memory is shared
export let thread = 0; // whose realm this is
let unknown = 0;

/** Number the buffers that all threads share; others are this thread's own. */
export function nameBuffers(me, buffers) {
  thread = me;
  buffers.forEach((buffer, id) => idOf.set(buffer, id));
}

export function bufferId(buffer) {
  let id = idOf.get(buffer);
  if (id === undefined) idOf.set(buffer, (id = OWN_BUFFERS * (thread + 1) + (unknown++ % OWN_BUFFERS)));
  return id;
}

/** The name of a typed array's kind, whatever its class; undefined for anything else. */
export const kindName = (value) => Reflect.apply(kindOf, value, []);
export const plainKind = (view) => KINDS.get(kindName(view));

/** Is it a typed array over shared memory? */
export function isShared(value) {
  if (!isView(value)) return false;
  let shared = sharedOf.get(value);
  if (shared === undefined) {
    shared = kindName(value) !== undefined && Reflect.apply(bufferOf, value, []) instanceof Shared;
    sharedOf.set(value, shared);
  }
  return shared;
}

export const location = (view, index, count = 1) => {
  const size = view.BYTES_PER_ELEMENT;
  return [bufferId(view.buffer), view.byteOffset + index * size, size * count];
};

// ---------------------------------------------------------------------------------------------- single elements

export function readElement(view, index) {
  if (index >= view.length) return undefined;
  const where = location(view, index);
  stand(thread, 'read', where);
  const value = view[index];
  done(thread, 'read', READS, where, value);
  return value;
}

export function writeElement(view, index, value) {
  const converted = convert(view, value); // may call the learner's valueOf, and throws for a BigInt too many
  if (index >= view.length) return;
  const where = location(view, index);
  stand(thread, 'write', where, converted);
  const before = view[index];
  view[index] = converted;
  const after = view[index];
  done(thread, 'write', WRITES, where, after, { changed: before !== after });
}

export function convert(view, value) {
  if (view instanceof KINDS.get('BigInt64Array') || view instanceof KINDS.get('BigUint64Array')) {
    BigInt.asIntN(64, value);
    return value;
  }
  return +value;
}

const INDEX = /^(0|[1-9]\d*)$/;
const indexOf = (key) => (typeof key === 'number' ? (key >= 0 && Number.isInteger(key) ? key : -1) : typeof key === 'string' && INDEX.test(key) ? Number(key) : -1);

let whoAsks = () => {};

/** A name that is put together may be one that only tells whether somebody watches. */
function look(key) {
  if (typeof key === 'string' && telltale(key)) whoAsks(key);
}

function keyOf(key) {
  look(key);
  return key;
}

function get(object, key) {
  if (!isView(object)) {
    look(key);
    return object[key];
  }
  const index = indexOf(key);
  return index >= 0 && isShared(object) ? readElement(object, index) : object[key];
}

/** What an index expression stands for where it is written to. */
class Ref {
  constructor(object, key) {
    this.object = object;
    this.key = key;
  }

  get value() {
    return get(this.object, this.key);
  }

  set value(value) {
    const { object, key } = this;
    const index = isView(object) ? indexOf(key) : -1;
    if (index >= 0 && isShared(object)) writeElement(object, index, value);
    else {
      look(key);
      object[key] = value;
    }
  }
}

/** A stand-in for a shared typed array, for what reads its elements one by one by itself. */
const reader = {
  get(view, key) {
    const index = indexOf(key);
    if (index >= 0) return readElement(view, index);
    const value = getProperty(view, key, view);
    return typeof value === 'function' ? value.bind(view) : value;
  },
};

export const elements = (value) => (isShared(value) ? new Proxy(value, reader) : value);

// ------------------------------------------------------------------------------------------------ whole arrays

/** Read `count` elements from `start`: one yield point each, or a few for all where the array is long. Gives a copy. */
export function readMany(view, start = 0, count = view.length - start) {
  const copy = new (plainKind(view))(Math.max(count, 0));
  forChunks(count, (from, to) => {
    const where = location(view, start + from, to - from);
    stand(thread, 'read', where);
    const part = partOf(view, start + from, start + to);
    setAll(copy, part, from);
    const told = to - from === 1 ? copy[from] : `${to - from} elements`;
    done(thread, 'read', READS, where, fold(part), { told });
  });
  return copy;
}

export function writeMany(view, values, start = 0) {
  forChunks(values.length, (from, to) => {
    const where = location(view, start + from, to - from);
    stand(thread, 'write', where);
    const part = partOf(view, start + from, start + to);
    const before = fold(part);
    setAll(part, values.subarray(from, to));
    const after = fold(part);
    const told = to - from === 1 ? part[0] : `${to - from} elements`;
    done(thread, 'write', WRITES, where, after, { changed: before !== after, told });
  });
}

/** Stand before something that writes to these elements by itself, and log what it did. */
export function written(view, start, count, act) {
  const where = location(view, start, count);
  stand(thread, 'write', where);
  const part = partOf(view, start, start + count);
  const before = fold(part);
  const result = act();
  const after = fold(part);
  done(thread, 'write', WRITES, where, after, { changed: before !== after, told: `${count} elements` });
  return result;
}

/** Give the value; where it is a shared typed array, something is about to read all of it. */
export function whole(value) {
  if (isShared(value)) readMany(value);
  return value;
}

const realSet = Object.getPrototypeOf(Int32Array.prototype).set;
export const setAll = (view, values, at = 0) => Reflect.apply(realSet, view, [values, at]);

function forChunks(count, act) {
  const step = count <= 4 * CHUNKS ? 1 : Math.ceil(count / CHUNKS);
  for (let from = 0; from < count; from += step) act(from, Math.min(from + step, count));
}

/** A small number that differs, almost surely, where the elements differ. */
function fold(part) {
  let sum = 0;
  for (let i = 0; i < part.length; i++) sum = (Math.imul(sum, 31) + Number(part[i])) | 0;
  return sum;
}

const partOf = (view, from, to) =>
  new (plainKind(view))(view.buffer, view.byteOffset + from * view.BYTES_PER_ELEMENT, to - from);

/** Rewrite what is to be evaluated; what cannot be read is left as it is, to say why. */
function source(text) {
  if (typeof text !== 'string') return text;
  try {
    return rewrite(text, false);
  } catch {
    return text;
  }
}

const metas = new WeakMap(); // import.meta of a module → the same, its URL without a number behind it

function meta(real) {
  if (!metas.has(real)) metas.set(real, Object.assign(Object.create(null), real, { url: plainFile(real.url) }));
  return metas.get(real);
}

/** Functions made of texts are rewritten, too. */
function installFunction() {
  const rewritten = (texts) => [...texts.slice(0, -1), ...texts.slice(-1).map((text) => source(String(text)))];
  const kinds = [function () {}, async () => {}, function* () {}, async function* () {}].map(Object.getPrototypeOf);
  for (const prototype of kinds) {
    const Kind = prototype.constructor;
    define(prototype, 'constructor', new Proxy(Kind, {
      apply: (target, self, texts) => Reflect.construct(target, rewritten(texts)),
      construct: (target, texts, newTarget) => Reflect.construct(target, rewritten(texts), newTarget),
    }));
  }
  define(globalThis, 'Function', Function.prototype.constructor);
}

/** Put where rewritten modules find it what they call. */
export function installElements({ wait, unread, asks }) {
  whoAsks = (key) => asks(where()[1], telltale(key));
  const explored = {
    get,
    ref: (object, key) => new Ref(object, key),
    chain: (object, key) => (object === null || object === undefined ? undefined : get(object, typeof key === 'function' ? key() : key)),
    elements,
    whole,
    source,
    wait,
    unread,
    asks,
    key: keyOf,
    meta,
  };
  defineUnseen(NAME, Object.freeze(explored));
  installFunction();
}
