// What Node.js works out in threads of its own, and V8 in its: when that ends, and in which order, nobody here chooses.
import { createRequire } from 'node:module';
import { begun } from './awaits.mjs';
import { define } from './define.mjs';
import { refuse } from './refusal.mjs';

const require = createRequire(import.meta.url);
const OURS = ['randomBytes', 'pseudoRandomBytes', 'randomFill', 'randomInt', 'randomUUID']; // see chance.mjs
const COMPILING = ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming'];

/** What is waited for while the modules are loaded is over by then. */
function watch(object, name, called, isMeant = () => true) {
  const original = object[name];
  const watched = function (...args) {
    if (begun && isMeant(args)) refuse(`it uses ${called}, which ends outside its thread and cannot be put in an order`);
    return Reflect.apply(original, this, args);
  };
  for (const key of Object.getOwnPropertySymbols(original))
    Object.defineProperty(watched, key, Object.getOwnPropertyDescriptor(original, key)); // for util.promisify
  define(object, name, watched);
}

const callsBack = (args) => typeof args.at(-1) === 'function';

/** Let functions refuse that leave work to other threads; after installChance, which gives some in another way. */
export function installPool() {
  const crypto = require('node:crypto');
  for (const [name, { value, configurable }] of Object.entries(Object.getOwnPropertyDescriptors(crypto))) {
    const isPlain = typeof value === 'function' && /^[a-z]/.test(name) && configurable; // no class
    if (isPlain && !OURS.includes(name)) watch(crypto, name, `crypto.${name}`, callsBack);
  }
  const { prototype } = crypto.subtle.constructor;
  for (const name of Object.getOwnPropertyNames(prototype))
    if (name !== 'constructor') watch(prototype, name, `crypto.subtle.${name}`);
  let { prototype: stream } = require('node:zlib').Gzip;
  while (!Object.hasOwn(stream, '_transform')) stream = Object.getPrototypeOf(stream); // of all that compress
  watch(stream, '_transform', 'zlib');
  for (const name of COMPILING) if (WebAssembly[name]) watch(WebAssembly, name, `WebAssembly.${name}`);
}
