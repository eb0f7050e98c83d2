// Typed arrays over shared memory stay what they are; their methods and constructors are yield points.
import { define } from './define.mjs';
import { convert, elements, isShared, plainKind, readElement, readMany, setAll, writeMany } from './elements.mjs';

const TypedArray = Object.getPrototypeOf(Int32Array);
const KINDS = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
  ...(globalThis.Float16Array ? [globalThis.Float16Array] : []),
];

function relative(position, length, otherwise) {
  if (position === undefined) return otherwise;
  const whole = Math.trunc(Number(position)) || 0;
  return whole < 0 ? Math.max(length + whole, 0) : Math.min(whole, length);
}

const { slice } = TypedArray.prototype;

/** An array of these values, of the class that the view's own methods would make. */
function like(view, values) {
  const result = Reflect.apply(slice, view, [0, values.length]);
  setAll(result, values);
  return result;
}

// Methods that only read elements, in order, by index: those of Array do the same on anything with a length.
const LIKE_ARRAY = ['at', 'includes', 'indexOf', 'lastIndexOf', 'join', 'keys', 'values', 'entries', 'toLocaleString'];
// And those that call back with (element, index, array).
const CALLING_BACK = ['forEach', 'every', 'some', 'find', 'findIndex', 'findLast', 'findLastIndex'];
const REDUCING = ['reduce', 'reduceRight'];

const METHODS = {
  slice(start, end) {
    const { length } = this;
    const from = relative(start, length, 0);
    return like(this, readMany(this, from, Math.max(relative(end, length, length) - from, 0)));
  },
  map(callback, self) {
    const result = Reflect.apply(slice, this, []);
    for (let i = 0; i < this.length; i++) result[i] = Reflect.apply(callback, self, [readElement(this, i), i, this]);
    return result;
  },
  filter(callback, self) {
    const kept = [];
    for (let i = 0; i < this.length; i++) {
      const value = readElement(this, i);
      if (Reflect.apply(callback, self, [value, i, this])) kept.push(value);
    }
    return like(this, new (plainKind(this))(kept));
  },
  fill(value, start, end) {
    const converted = convert(this, value);
    const from = relative(start, this.length, 0);
    const count = Math.max(relative(end, this.length, this.length) - from, 0);
    writeMany(this, new (plainKind(this))(count).fill(converted), from);
    return this;
  },
  set(source, offset = 0) {
    const from = Math.trunc(Number(offset)) || 0;
    const values = new (plainKind(this))(isShared(source) ? readMany(source) : Array.from(source));
    if (from < 0 || from + values.length > this.length) throw new RangeError('offset is out of bounds');
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

for (const name of LIKE_ARRAY)
  METHODS[name] = function (...args) {
    return Reflect.apply(Array.prototype[name], elements(this), args);
  };
for (const name of CALLING_BACK)
  METHODS[name] = function (callback, self) {
    const call = typeof callback === 'function' ? (value, i) => Reflect.apply(callback, self, [value, i, this]) : callback;
    return Reflect.apply(Array.prototype[name], elements(this), [call]);
  };
for (const name of REDUCING)
  METHODS[name] = function (callback, ...first) {
    const call = typeof callback === 'function' ? (sum, value, i) => callback(sum, value, i, this) : callback;
    return Reflect.apply(Array.prototype[name], elements(this), [call, ...first]);
  };

function patchMethods() {
  for (const [name, instead] of Object.entries(METHODS)) {
    const original = TypedArray.prototype[name];
    if (!original) continue;
    define(TypedArray.prototype, name, function (...args) {
      return Reflect.apply(isShared(this) ? instead : original, this, args);
    });
  }
  const { set } = TypedArray.prototype; // into an array of one's own
  define(TypedArray.prototype, 'set', function (source, ...rest) {
    return Reflect.apply(set, this, [isShared(this) ? source : copied(source), ...rest]);
  });
  define(TypedArray.prototype, Symbol.iterator, TypedArray.prototype.values, 'values');
}

const copied = (source) => (isShared(source) ? readMany(source) : source);

/** A typed array made from a shared one reads it. */
function patchConstructors() {
  for (const Kind of KINDS) {
    const Reading = new Proxy(Kind, {
      construct: (target, [first, ...rest], newTarget) => Reflect.construct(target, [copied(first), ...rest], newTarget),
    });
    define(Kind.prototype, 'constructor', Reading, Kind.name);
    define(globalThis, Kind.name, Reading);
  }
  const { from } = TypedArray;
  define(TypedArray, 'from', function (source, ...rest) {
    return Reflect.apply(from, this, [copied(source), ...rest]);
  });
}

/** Replace what reads and writes whole typed arrays in this worker's realm. */
export function installViews() {
  patchConstructors();
  patchMethods();
}
