// Functions of Node and JavaScript that read or write the elements of a typed array by themselves: where its memory
// is shared, each is a yield point.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { define } from './define.mjs';
import { isShared, readMany, whole, written } from './elements.mjs';

const { values } = Object;
const require = createRequire(import.meta.url);

/** Let a function first read all of its shared arguments, and of what lies in lists and objects among them. */
function reading(owner, ...names) {
  for (const name of names) {
    const original = owner?.[name];
    if (typeof original !== 'function') continue;
    define(owner, name, function (...args) {
      for (const arg of args) look(arg);
      return new.target ? Reflect.construct(original, args, new.target) : Reflect.apply(original, this, args);
    });
    copyProperties(original, owner[name]);
  }
}

function copyProperties(from, to) {
  for (const key of Reflect.ownKeys(from)) if (!Object.hasOwn(to, key) || key === 'prototype')
    try {
      Object.defineProperty(to, key, Object.getOwnPropertyDescriptor(from, key));
    } catch {
      // what cannot be copied is not looked at
    }
}

function look(value, depth = 2) {
  if (typeof value !== 'object' || value === null) return;
  if (isShared(value)) readMany(value);
  else if (depth > 0 && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype))
    for (const item of values(value)) look(item, depth - 1);
}

const whole_ = (view) => [0, view.length];

/** Let a function write to one argument (-1: what it is called on), in a range that `range` gives. */
function writing(owner, name, argument, range = whole_) {
  const original = owner?.[name];
  if (typeof original !== 'function') return;
  define(owner, name, function (...args) {
    const act = () => Reflect.apply(original, this, args);
    const view = argument < 0 ? this : args[argument];
    if (!isShared(view)) return act();
    const [start, end] = range(view, args).map((at) => Math.min(Math.max(Math.trunc(Number(at)) || 0, 0), view.length));
    return end > start ? written(view, start, end - start, act) : act();
  });
}

const BUFFER_NUMBER = /^(read|write)[A-Za-z]*?(8|16|32|64|Float|Double|U?Int)(LE|BE)?$/i;
const SIZES = { 8: 1, 16: 2, 32: 4, 64: 8, float: 4, double: 8 };

function patchBuffers() {
  const { prototype } = Buffer;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const number = BUFFER_NUMBER.exec(name);
    if (!number) continue;
    const size = (args, at) => SIZES[number[2].toLowerCase()] ?? Number(args[at]);
    if (name.startsWith('write'))
      writing(prototype, name, -1, (_, args) => [args[1] ?? 0, Number(args[1] ?? 0) + size(args, 2)]);
    else readingRange(name, (args) => [args[0] ?? 0, Number(args[0] ?? 0) + size(args, 1)]);
  }
  for (const name of ['write', 'utf8Write', 'latin1Write', 'asciiWrite', 'hexWrite', 'base64Write', 'ucs2Write'])
    writing(prototype, name, -1, (view, [text, at]) => {
      const start = typeof at === 'number' ? at : 0;
      return [start, start + Buffer.byteLength(String(text))];
    });
  writing(prototype, 'fill', -1, (view, [, from, to]) => [Number.isInteger(from) ? from : 0, Number.isInteger(to) ? to : view.length]);
  reading(prototype, 'fill'); // with what it is filled with
  for (const name of ['swap16', 'swap32', 'swap64']) writing(prototype, name, -1);
  readingRange('toString', ([, from, to], view) => [from ?? 0, to ?? view.length]);
  for (const name of ['toJSON', 'equals', 'compare', 'indexOf', 'lastIndexOf', 'includes', 'inspect'])
    readingRange(name, (_, view) => whole_(view));
  const { copy } = prototype;
  define(prototype, 'copy', function (target, to = 0, from = 0, end = this.length) {
    if (isShared(this)) readMany(this, from, Math.min(end, this.length) - from);
    const act = () => Reflect.apply(copy, this, [target, to, from, end]);
    const count = Math.min(Math.min(end, this.length) - from, (target?.length ?? 0) - to);
    return isShared(target) && count > 0 ? written(target, to, count, act) : act();
  });
  reading(Buffer, 'from', 'concat', 'compare', 'copyBytesFrom');
}

function readingRange(name, range) {
  const original = Buffer.prototype[name];
  define(Buffer.prototype, name, function (...args) {
    if (isShared(this)) {
      const [from, to] = range(args, this).map((at) => Math.min(Math.max(Math.trunc(Number(at)) || 0, 0), this.length));
      if (to > from) readMany(this, from, to - from);
    }
    for (const arg of args) whole(arg);
    return Reflect.apply(original, this, args);
  });
}

const range = (key) => {
  const index = typeof key === 'symbol' ? NaN : Number(key);
  return Number.isInteger(index) && index >= 0 ? [index, index + 1] : [0, 0];
};

/** Replace them in this worker's realm. */
export function installNatives() {
  patchBuffers();
  const crypto = require('node:crypto');
  writing(Object.getPrototypeOf(globalThis.crypto), 'getRandomValues', 0);
  writing(crypto, 'randomFillSync', 0, (view, [, from, size]) => [from ?? 0, size === undefined ? view.length : (from ?? 0) + size]);
  writing(TextEncoder.prototype, 'encodeInto', 1);
  reading(TextDecoder.prototype, 'decode');
  for (const name of ['Hash', 'Hmac', 'Cipheriv', 'Decipheriv', 'Sign', 'Verify']) reading(crypto[name]?.prototype, 'update');
  reading(crypto, 'hash', 'sign', 'verify', 'timingSafeEqual', 'pbkdf2Sync', 'scryptSync', 'hkdfSync');
  const zlib = require('node:zlib');
  reading(zlib, 'crc32', ...Object.keys(zlib).filter((name) => name.endsWith('Sync')));
  const fs = require('node:fs');
  writing(fs, 'readSync', 1);
  reading(fs, 'writeSync', 'writevSync', 'writeFileSync', 'appendFileSync');
  reading(JSON, 'stringify');
  reading(Object, 'assign', 'entries', 'values', 'getOwnPropertyDescriptor', 'getOwnPropertyDescriptors');
  reading(require('node:v8'), 'serialize');
  const assert = require('node:assert');
  for (const owner of [assert, assert.strict])
    reading(owner, 'equal', 'deepEqual', 'deepStrictEqual', 'notDeepEqual', 'notDeepStrictEqual');
  reading(require('node:util'), 'isDeepStrictEqual', 'inspect', 'format', 'formatWithOptions');
  for (const name of ['fill', 'copyWithin', 'reverse', 'sort', 'splice', 'shift', 'unshift', 'push', 'pop'])
    writing(Array.prototype, name, -1); // borrowed for a typed array
  for (const owner of [Object, Reflect]) writing(owner, 'defineProperty', 0, (_, [, key]) => range(key));
  const { get, set } = Reflect;
  define(Reflect, 'get', function (target, key, ...rest) {
    const index = isShared(target) && typeof key !== 'symbol' ? Number(key) : -1;
    if (Number.isInteger(index) && index >= 0 && index < target.length) readMany(target, index, 1);
    return get(target, key, ...rest);
  });
  define(Reflect, 'set', function (target, key, value, ...rest) {
    if (!isShared(target) || rest.length || typeof key === 'symbol') return set(target, key, value, ...rest);
    const index = Number(key);
    if (!Number.isInteger(index) || index < 0 || index >= target.length) return set(target, key, value);
    return written(target, index, 1, () => set(target, key, value));
  });
  syncBuiltinESMExports();
}
