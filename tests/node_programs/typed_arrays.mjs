// What a learner may do with a typed array: each entry does it to a view, and must give for a watched view over
// shared memory what it gives for a plain array of the same kind.
import assert from 'node:assert';
import { createHash, randomFillSync } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect, types } from 'node:util';
import { receiveMessageOnPort } from 'node:worker_threads';

const KINDS = [
  Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array,
  Float64Array, BigInt64Array, BigUint64Array,
];

const list = (view) => Array.from(view, String);

const USES = {
  length: (v) => [v.length, v.byteLength, v.byteOffset, v.BYTES_PER_ELEMENT],
  read: (v) => [v[0], v[3], v[99], v['1'], v[-1], v[1.5]].map(String),
  write: (v, n) => [(v[0] = n(7)), v[0], (v[99] = n(1)), v[99], v.length].map(String),
  writeTooBig: (v, n) => ((v[0] = n(300)), (v[1] = n(-3)), list(v)),
  writeText: (v) => ((v[0] = '5'), list(v)),
  writeNothing: (v) => ((v[0] = undefined), list(v)),
  addTo: (v, n) => ((v[1] += n(2)), v[1]++, list(v)),
  fill: (v, n) => list(v.fill(n(9), 1, 3)),
  fillAll: (v, n) => [list(v.fill(n(1))), v.fill(n(2)) === v],
  spread: (v) => [...v].map(String),
  iterate: (v) => {
    const seen = [];
    for (const x of v) seen.push(String(x));
    for (const [i, x] of v.entries()) seen.push(`${i}:${x}`);
    return [...seen, ...v.keys(), ...[...v.values()].map(String)];
  },
  destructure: ([a, b, ...rest]) => [a, b, rest.length].map(String),
  subarray: (v, n) => {
    const part = v.subarray(1, 3);
    part[0] = n(8);
    return [list(part), list(v), part.byteOffset, part.length, list(v.subarray(-2)), list(v.subarray(3, 1))];
  },
  slice: (v, n) => {
    const copy = v.slice(1);
    copy[0] = n(8);
    return [list(copy), list(v), list(v.slice(-2, -1)), copy.constructor.name, copy.buffer instanceof ArrayBuffer];
  },
  map: (v, n) => [list(v.map((x) => x + n(1))), v.map((x) => x).constructor.name],
  filter: (v, n) => list(v.filter((x) => x > n(2))),
  reduce: (v, n) => [v.reduce((a, b) => a + b), v.reduce((a, b) => a + b, n(10)), v.reduceRight((a, b) => a - b)].map(String),
  find: (v, n) => [v.find((x) => x > n(1)), v.findIndex((x) => x > n(1)), v.findLast((x) => x < n(3)), v.findLastIndex((x) => x > n(9))].map(String),
  search: (v, n) => [v.includes(n(3)), v.indexOf(n(3)), v.lastIndexOf(n(3)), v.indexOf(n(3), -1), v.includes(n(77))],
  test: (v, n) => [v.every((x) => x > n(0)), v.some((x) => x > n(3))],
  each: (v) => {
    const seen = [];
    v.forEach((x, i, all) => seen.push(`${i}${x}${all.length}`));
    return seen;
  },
  join: (v) => [v.join(), v.join('-'), String(v), `${v}`],
  at: (v) => [v.at(-1), v.at(0), v.at(50)].map(String),
  set: (v, n) => (v.set([n(5), n(6)], 2), list(v)),
  setFromItself: (v) => (v.set(v.subarray(0, 3), 1), list(v)),
  setTooLong: (v, n) => thrown(() => v.set([n(1), n(2)], v.length - 1)),
  copyWithin: (v) => [list(v.copyWithin(0, 2)), list(v.copyWithin(1, 0, 2))],
  reverse: (v) => list(v.reverse()),
  sort: (v, n) => [list(v.set([n(9), n(10), n(1)]) ?? v.sort()), list(v.sort((a, b) => (a < b ? 1 : -1)))],
  sorted: (v) => (v.toSorted ? [list(v.toSorted((a, b) => (a < b ? 1 : -1))), list(v)] : []),
  with: (v, n) => (v.with ? [list(v.with(0, n(4))), list(v)] : []),
  arrayFrom: (v) => [Array.from(v).map(String), Array.from(v, (x) => String(x + x))],
  kindFrom: (v) => [list(v.constructor.from(v)), list(v.constructor.of(...v))],
  newFromIt: (v) => [list(new v.constructor(v)), new v.constructor(v).buffer instanceof ArrayBuffer],
  otherKind: (v) => (typeof v[0] === 'bigint' ? thrown(() => new Int32Array(v)) : list(new Float64Array(v))),
  clone: (v, n) => {
    const { twice } = structuredClone({ twice: [v, 'x'] });
    return [list(structuredClone(v)), list(twice[0]), twice[1], structuredClone(v).constructor.name];
  },
  buffer: (v) => [...Buffer.from(v)],
  bufferOver: (v) => Buffer.from(v.buffer, v.byteOffset, v.byteLength).length,
  instance: (v) => [v instanceof v.constructor, v instanceof Object.getPrototypeOf(Int8Array), Array.isArray(v)],
  view: (v) => [ArrayBuffer.isView(v), ArrayBuffer.isView([]), Object.prototype.toString.call(v)],
  keys: (v) => [Object.keys(v), Object.entries(v).map(String), Object.values(v).map(String)],
  in: (v) => ['0' in v, 0 in v, 99 in v, 'length' in v, 'nonsense' in v, Object.hasOwn(v, '1')],
  forIn: (v) => {
    const seen = [];
    for (const key in v) seen.push(key);
    return seen;
  },
  json: (v) => (typeof v[0] === 'bigint' ? thrown(() => JSON.stringify(v)) : JSON.stringify(v)),
  describe: (v) => inspect(Object.getOwnPropertyDescriptor(v, '1')),
  assign: (v, n) => [Object.assign([], v).map(String), list(Object.assign(v, [n(6)]))],
  ownProperty: (v) => ((v.label = 'mine'), [v.label, delete v.label, v.label]),
  borrowed: (v) => [Array.prototype.slice.call(v, 1).map(String), Array.prototype.map.call(v, String), Math.max(...[...v].map(Number))],
  prototypeCall: (v, n) => list(Object.getPrototypeOf(v).fill.call(v, n(4), 2)),
  deepEqual: (v) => thrown(() => assert.deepStrictEqual([...v], [...v.slice()])),
  wrongType: (v) => thrown(() => (typeof v[0] === 'bigint' ? (v[0] = 1) : (v[0] = 1n))),
  subclass: (v, n) => {
    class Named extends v.constructor {
      get total() {
        return String(this[0] + this[1]);
      }
    }
    const named = new Named(v.buffer, v.byteOffset, 2);
    named[0] = n(20);
    return [named.total, named instanceof Named, named.length, list(v)];
  },
  passes: (v) => [types.isTypedArray(v), types.isUint8Array(v), types.isProxy(v)],
  subclassMethods: (v) => {
    class Named extends v.constructor {}
    const named = new Named(v.buffer, v.byteOffset, 3);
    return [named.map((x) => x), named.slice(1), named.filter(Boolean), named.subarray(1)].map((made) => made instanceof Named);
  },
  callbacks: (v) => [v.every((x, i, all) => all === v && all[i] === x), v.reduce((sum, x, i, all) => sum && all === v, true)],
  random: (v) => [randomFillSync(new v.constructor(v.buffer, v.byteOffset, 2)).length, v.length],
  encode: (v) => {
    const bytes = new Uint8Array(v.buffer, v.byteOffset, 4);
    const { written } = new TextEncoder().encodeInto('héé', bytes);
    return [written, ...bytes];
  },
  bufferWrites: (v) => {
    const bytes = Buffer.from(v.buffer, v.byteOffset, 5);
    bytes.write('hello');
    bytes.writeUInt16LE(513, 1);
    bytes.fill(7, 3, 4);
    return [bytes.toString('latin1'), bytes.readUInt16LE(1), bytes.equals(Buffer.from(bytes)), bytes.subarray(1).toString('hex')];
  },
  concat: (v) => [...Buffer.concat([new Uint8Array(v.buffer, v.byteOffset, 3), new Uint8Array(2)])],
  fileRead: (v) => {
    const file = openSync(fileURLToPath(import.meta.url));
    try {
      return [readSync(file, new Uint8Array(v.buffer, v.byteOffset, 4), 0, 4, 0), list(v)];
    } finally {
      closeSync(file);
    }
  },
  hash: (v) => createHash('sha1').update(new Uint8Array(v.buffer, v.byteOffset, 4)).digest('hex'),
  message: (v) => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage({ v });
    return [list(receiveMessageOnPort(port2).message.v), v.length];
  },
  compound: (v, n) => {
    let calls = 0;
    const at = () => (calls++, 1);
    v[at()] += n(2);
    v[at()] **= n(2);
    const [before, after] = [v[at()]--, --v[at()]];
    return [before, after, (v[at()] ||= n(9)), (v[at()] &&= n(0)), (v[at()] ??= n(8)), calls, ...v].map(String);
  },
  patterns: (v) => {
    [v[0], v[1]] = [v[1], v[0]];
    const { 0: first, length, [1 + 1]: third } = v;
    for (v[3] of [v[4]]);
    ({ x: v[2] } = { x: v[0] });
    return [first, third, length, v?.[3], v?.at(2), ...v].map(String);
  },
  borrowedApply: (v) => [Math.max.apply(null, [...v].map(Number)), String.fromCharCode.apply(null, typeof v[0] === 'bigint' ? [] : v)],
  spreadObject: (v) => Object.entries({ ...v }).map(String),
  reflect: (v, n) => [Reflect.get(v, 1), Reflect.set(v, 1, n(4)), Reflect.has(v, 9), v[1]].map(String),
  atomics: (v, n) => {
    if (/Float|Clamped/.test(v.constructor.name)) return thrown(() => Atomics.add(v, 0, 1));
    return [
      Atomics.add(v, 0, n(2)), Atomics.sub(v, 0, n(1)), Atomics.and(v, 0, n(3)), Atomics.or(v, 0, n(4)),
      Atomics.xor(v, 0, n(1)), Atomics.exchange(v, 0, n(5)), Atomics.compareExchange(v, 0, n(5), n(6)),
      Atomics.compareExchange(v, 0, n(5), n(7)), Atomics.store(v, 1, n(300)), Atomics.load(v, 1), ...list(v),
    ].map(String);
  },
  atomicsOutside: (v) => thrown(() => Atomics.load(v, 99)),
  atomicsWrongType: (v) => thrown(() => Atomics.store(v, 0, typeof v[0] === 'bigint' ? 1 : 1n)),
  lockFree: () => Atomics.isLockFree(4),
  dataView: (v) => {
    const view = new DataView(v.buffer, v.byteOffset, 4);
    view.setInt16(0, -2, true);
    view.setUint8(3, 7);
    return [view.getInt16(0, true), view.getUint16(0), view.getInt32(0), view.byteLength, thrown(() => view.getInt32(1)), list(v)];
  },
};

function thrown(act) {
  try {
    act();
    return 'no error';
  } catch (error) {
    return error.name;
  }
}

/** The uses that differ, as text; [] when all is well. */
export function differences({ words }) {
  const wrong = [];
  for (const Kind of KINDS) {
    const n = Kind.name.startsWith('Big') ? BigInt : Number;
    const start = () => [n(1), n(2), n(3), n(4), n(5)];
    for (const [name, use] of Object.entries(USES)) {
      const plain = new Kind(new ArrayBuffer(64), 8, 5);
      plain.set(start());
      const watched = new Kind(words.buffer, 8, 5);
      watched.set(start());
      const [expected, got] = [plain, watched].map((view) => {
        try {
          return inspect(use(view, n), { depth: 5 });
        } catch (error) {
          return `threw ${error.name}: ${error.message}`;
        }
      });
      if (expected !== got) wrong.push(`${Kind.name} ${name}: expected ${expected}, got ${got}`);
    }
  }
  return wrong;
}
