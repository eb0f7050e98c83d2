// Whether JavaScript's own functions are still what they were in this realm: a learner's file may have replaced some,
// and what a check sees through a replaced Atomics.wait proves nothing. What is added is the file's own affair, save
// what is called behind everybody's back.
import { EventEmitter } from 'node:events';
import { performance } from 'node:perf_hooks';
import * as threads from 'node:worker_threads';

const { getOwnPropertyDescriptor, getPrototypeOf } = Object;
const { ownKeys } = Reflect;

// Values of the global object that scenarios, their supervisor and the explorer rely on.
const GLOBALS = [
  'Array', 'ArrayBuffer', 'Atomics', 'BigInt', 'BigInt64Array', 'Boolean', 'DataView', 'Date', 'Error', 'Function',
  'Int32Array', 'JSON', 'Map', 'Math', 'MessageChannel', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError',
  'Reflect', 'Set', 'SharedArrayBuffer', 'String', 'Symbol', 'TypeError', 'Uint8Array', 'WeakMap', 'clearImmediate',
  'clearInterval', 'clearTimeout', 'performance', 'process', 'queueMicrotask', 'setImmediate', 'setInterval',
  'setTimeout', 'structuredClone',
];
const WITH_PROTOTYPE = [
  'Array', 'ArrayBuffer', 'DataView', 'Date', 'Function', 'Map', 'Object', 'Promise', 'Set', 'SharedArrayBuffer',
  'String', 'WeakMap',
];
const MEANT_TO_BE_SET = ['Math.random'];

/** Remember everything; what is given back names all that is not what it was by then. */
export function machinery() {
  const globals = GLOBALS.map((name) => [name, globalThis[name]]);
  const owners = [
    ...['Atomics', 'JSON', 'Math', 'Reflect', ...WITH_PROTOTYPE].map((name) => [name, globalThis[name]]),
    ...WITH_PROTOTYPE.map((name) => [`${name}.prototype`, globalThis[name].prototype]),
    ['Int32Array.prototype', getPrototypeOf(Int32Array.prototype)],
    ['MessagePort.prototype', threads.MessagePort.prototype],
    ['EventEmitter.prototype', EventEmitter.prototype],
    ['performance', getPrototypeOf(performance)],
    ['process', process],
  ];
  const functions = owners.flatMap(([name, owner]) =>
    ownKeys(owner)
      .map((key) => [`${name}.${String(key)}`, owner, key, getOwnPropertyDescriptor(owner, key).value])
      .filter(([told, , , value]) => typeof value === 'function' && !MEANT_TO_BE_SET.includes(told)),
  );

  return () => {
    const found = []; // filled by index: every method may have been replaced
    const tell = (name) => { found[found.length] = name; };
    for (let i = 0; i < globals.length; i++) if (globalThis[globals[i][0]] !== globals[i][1]) tell(globals[i][0]);
    for (let i = 0; i < functions.length; i++) {
      const { 0: name, 1: owner, 2: key, 3: value } = functions[i];
      if (getOwnPropertyDescriptor(owner, key)?.value !== value) tell(name);
    }
    if ('then' in Object.prototype) tell('Object.prototype.then');
    if ('toJSON' in Array.prototype) tell('Array.prototype.toJSON');
    return found;
  };
}
