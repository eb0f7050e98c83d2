// Gated typed arrays: a view over shared memory is a Proxy whose elements pass a gate, and everything else about
// it behaves like the view it stands for.
import { READS, WRITES } from './control.mjs';
import { done, stand } from './steps.mjs';

const real = { SharedArrayBuffer, structuredClone, isView: ArrayBuffer.isView };
const TypedArray = Object.getPrototypeOf(Int32Array);
const KINDS = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  ...(globalThis.Float16Array ? [globalThis.Float16Array] : []),
];
const OWN_BUFFERS = 1 << 16; // buffers of a thread's own are numbered from there; telling.py knows
const CHUNKS = 8; // operations on a whole long array pass that many gates, not one for each element

export const viewOf = new WeakMap(); // gated → the view it stands for
export const kindOf = new Map(); // the name of a kind → its real constructor
const idOf = new WeakMap(); // SharedArrayBuffer → number
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

export const place = (view, index, count = 1) => {
  const size = view.BYTES_PER_ELEMENT;
  return [bufferId(view.buffer), view.byteOffset + index * size, size * count];
};

// ---------------------------------------------------------------------------------------------- single elements

function readElement(view, index) {
  if (index >= view.length) return undefined;
  const where = place(view, index);
  stand(thread, 'read', where);
  const value = view[index];
  done(thread, 'read', READS, where, value);
  return value;
}

function writeElement(view, index, value) {
  const converted = convert(view, value); // may call the learner's valueOf, and throws for a BigInt too many
  if (index >= view.length) return;
  const where = place(view, index);
  stand(thread, 'write', where, converted);
  const before = view[index];
  view[index] = converted;
  const after = view[index];
  done(thread, 'write', WRITES, where, after, { changed: before !== after });
}

function convert(view, value) {
  if (view instanceof kindOf.get('BigInt64Array') || view instanceof kindOf.get('BigUint64Array')) {
    BigInt.asIntN(64, value);
    return value;
  }
  return +value;
}

const INDEX = /^(0|[1-9]\d*)$/;
const indexOf = (key) => (typeof key === 'string' && INDEX.test(key) ? Number(key) : -1);
const OF_THE_VIEW = new Set(['length', 'buffer', 'byteLength', 'byteOffset', Symbol.toStringTag, 'parent', 'offset']);

const handler = {
  get(view, key, receiver) {
    const index = indexOf(key);
    if (index >= 0) return readElement(view, index);
    if (OF_THE_VIEW.has(key)) return view[key];
    return Reflect.get(view, key, receiver);
  },
  set(view, key, value, receiver) {
    const index = indexOf(key);
    if (index < 0) return Reflect.set(view, key, value, receiver === gatedOf.get(view) ? view : receiver);
    writeElement(view, index, value);
    return true;
  },
  getOwnPropertyDescriptor(view, key) {
    const index = indexOf(key);
    if (index < 0 || index >= view.length) return Reflect.getOwnPropertyDescriptor(view, key);
    return { value: readElement(view, index), writable: true, enumerable: true, configurable: true };
  },
  defineProperty(view, key, descriptor) {
    const index = indexOf(key);
    if (index < 0) return Reflect.defineProperty(view, key, descriptor);
    if (index >= view.length || descriptor.configurable === false || descriptor.get || descriptor.set) return false;
    if ('value' in descriptor) writeElement(view, index, descriptor.value);
    return true;
  },
};

const gatedOf = new WeakMap(); // view → its gated form

/** Give the gated form of a view over shared memory; other values as they are. */
export function gated(view) {
  if (viewOf.has(view) || !(view.buffer instanceof real.SharedArrayBuffer)) return view;
  let proxy = gatedOf.get(view);
  if (!proxy) {
    proxy = new Proxy(view, handler);
    gatedOf.set(view, proxy);
    viewOf.set(proxy, view);
  }
  return proxy;
}

// ------------------------------------------------------------------------------------------------ whole arrays

/** Read `count` elements from `start`: one gate each, or a few for all where the array is long. */
function readMany(proxy, start = 0, count = viewOf.get(proxy).length - start) {
  const view = viewOf.get(proxy);
  const copy = new (kindOf.get(kindName(view)))(Math.max(count, 0));
  forChunks(count, (from, to) => {
    const where = place(view, start + from, to - from);
    stand(thread, 'read', where);
    const part = subview(view, start + from, start + to);
    copy.set(part, from);
    const told = to - from === 1 ? copy[from] : `${to - from} elements`;
    done(thread, 'read', READS, where, fold(part), { told });
  });
  return copy;
}

function writeMany(proxy, values, start = 0) {
  const view = viewOf.get(proxy);
  forChunks(values.length, (from, to) => {
    const where = place(view, start + from, to - from);
    stand(thread, 'write', where);
    const part = subview(view, start + from, start + to);
    const before = fold(part);
    part.set(values.subarray(from, to));
    const after = fold(part);
    const told = to - from === 1 ? part[0] : `${to - from} elements`;
    done(thread, 'write', WRITES, where, after, { changed: before !== after, told });
  });
}

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

export const kindName = (view) => tagOf.call(view);
const tagOf = Object.getOwnPropertyDescriptor(TypedArray.prototype, Symbol.toStringTag).get;
const subview = (view, from, to) =>
  new (kindOf.get(kindName(view)))(view.buffer, view.byteOffset + from * view.BYTES_PER_ELEMENT, to - from);

function relative(position, length, otherwise) {
  if (position === undefined) return otherwise;
  const whole = Math.trunc(Number(position)) || 0;
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length);
}

// Methods that only read elements, in order, by index: those of Array do the same on anything with a length.
const LIKE_ARRAY = [
  'at', 'includes', 'indexOf', 'lastIndexOf', 'join', 'forEach', 'every', 'some', 'find', 'findIndex', 'findLast',
  'findLastIndex', 'reduce', 'reduceRight', 'keys', 'values', 'entries', 'toLocaleString',
];

const METHODS = {
  slice(start, end) {
    const { length } = this;
    const from = relative(start, length, 0);
    return readMany(this, from, Math.max(relative(end, length, length) - from, 0));
  },
  subarray(start, end) {
    const view = viewOf.get(this);
    const from = relative(start, view.length, 0);
    const to = Math.max(relative(end, view.length, view.length), from);
    return Reflect.construct(this.constructor, [view.buffer, view.byteOffset + from * view.BYTES_PER_ELEMENT, to - from]);
  },
  map(callback, self) {
    const result = new (kindOf.get(kindName(viewOf.get(this))))(this.length);
    for (let i = 0; i < result.length; i++) result[i] = callback.call(self, this[i], i, this);
    return result;
  },
  filter(callback, self) {
    const kept = [];
    for (let i = 0; i < this.length; i++) {
      const value = this[i];
      if (callback.call(self, value, i, this)) kept.push(value);
    }
    return new (kindOf.get(kindName(viewOf.get(this))))(kept);
  },
  fill(value, start, end) {
    const view = viewOf.get(this);
    const converted = convert(view, value);
    const from = relative(start, view.length, 0);
    const count = Math.max(relative(end, view.length, view.length) - from, 0);
    writeMany(this, new (kindOf.get(kindName(view)))(count).fill(converted), from);
    return this;
  },
  set(source, offset = 0) {
    const view = viewOf.get(this);
    const from = Math.trunc(Number(offset)) || 0;
    const elements = viewOf.has(source) ? readMany(source) : source;
    const values = new (kindOf.get(kindName(view)))(Array.from(elements));
    if (from < 0 || from + values.length > view.length) throw new RangeError('offset is out of bounds');
    writeMany(this, values, from);
  },
  copyWithin(target, start, end) {
    const { length } = this;
    const to = relative(target, length, 0);
    const from = relative(start, length, 0);
    const count = Math.min(relative(end, length, length) - from, length - to);
    if (count > 0) writeMany(this, readMany(this, from, count), to);
    return this;
  },
  reverse() {
    writeMany(this, readMany(this).reverse());
    return this;
  },
  sort(compare) {
    writeMany(this, readMany(this).sort(compare));
    return this;
  },
  toReversed() {
    return readMany(this).reverse();
  },
  toSorted(compare) {
    return readMany(this).sort(compare);
  },
  with(index, value) {
    return readMany(this).with(index, value);
  },
};

/** Let the methods of every typed array take a gated one as `this`. */
function patchMethods() {
  for (const name of [...LIKE_ARRAY, ...Object.keys(METHODS)]) {
    const original = TypedArray.prototype[name];
    if (!original) continue;
    const instead = METHODS[name] ?? Array.prototype[name];
    define(TypedArray.prototype, name, function (...args) {
      return Reflect.apply(viewOf.has(this) ? instead : original, this, args);
    });
  }
  define(TypedArray.prototype, Symbol.iterator, TypedArray.prototype.values, 'values');
}

export function define(object, name, value, called = name) {
  const { enumerable = false } = Object.getOwnPropertyDescriptor(object, name) ?? {};
  if (typeof value === 'function') Object.defineProperty(value, 'name', { value: called, configurable: true });
  Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
}

// ----------------------------------------------------------------------------------------- constructors, clones

function patchConstructors() {
  for (const Kind of KINDS) {
    kindOf.set(Kind.name, Kind);
    const Gated = new Proxy(Kind, {
      construct(target, [first, ...rest], newTarget) {
        const source = viewOf.has(first) ? readMany(first) : first;
        return gated(Reflect.construct(target, [source, ...rest], newTarget));
      },
    });
    define(Kind.prototype, 'constructor', Gated, Kind.name);
    define(globalThis, Kind.name, Gated);
  }
  const { from } = TypedArray;
  define(TypedArray, 'from', function (source, ...rest) {
    return Reflect.apply(from, this, [viewOf.has(source) ? readMany(source) : source, ...rest]);
  });
  define(ArrayBuffer, 'isView', (value) => viewOf.has(value) || real.isView(value));
}

/** Copy plain objects and lists, with `swap` for what is inside; structuredClone does not take a Proxy. */
function swapDeep(value, swap, known = new Map()) {
  if (typeof value !== 'object' || value === null) return value;
  const swapped = swap(value);
  if (swapped !== value) return swapped;
  if (known.has(value)) return known.get(value);
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain) return value;
  const copy = Array.isArray(value) ? [] : {};
  known.set(value, copy);
  for (const [key, item] of Object.entries(value)) copy[key] = swapDeep(item, swap, known);
  return copy;
}

function patchClone() {
  define(globalThis, 'structuredClone', (value, ...rest) => {
    const clone = real.structuredClone(swapDeep(value, (item) => viewOf.get(item) ?? item), ...rest);
    return swapDeep(clone, (item) => (real.isView(item) && !(item instanceof DataView) ? gated(item) : item));
  });
  const { from } = Buffer;
  define(Buffer, 'from', function (source, ...rest) {
    if (viewOf.has(source)) return Reflect.apply(from, this, [readMany(source), ...rest]);
    return gated(Reflect.apply(from, this, [source, ...rest]));
  });
}

/** Replace the typed arrays of this worker's realm, and what copies them. */
export function installViews() {
  patchConstructors();
  patchMethods();
  patchClone();
}
