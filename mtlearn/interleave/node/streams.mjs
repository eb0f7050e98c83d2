// Standard input and output belong to whoever asks this process: the learner's file finds the one empty.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Readable } from 'node:stream';
import { define } from './define.mjs';

const FILES = ['/dev/stdin', '/dev/fd/0', '/proc/self/fd/0', '/dev/tty', '/dev/console'];
const isInput = (file) => file === 0 || FILES.includes(String(file));

/** Reading standard input gives its end at once, where it would take questions meant for others, or wait for ever. */
export function emptyInput() {
  const { readFileSync, readSync } = fs; // as others have made them by now
  fs.readSync = (file, ...rest) => (isInput(file) ? 0 : readSync(file, ...rest));
  fs.readFileSync = (file, options) => {
    if (!isInput(file)) return readFileSync(file, options);
    return (typeof options === 'string' ? options : options?.encoding) ? '' : Buffer.alloc(0);
  };
  syncBuiltinESMExports();
}

/** Give the real standard input, and leave an empty one in its place. */
export function takeInput() {
  const { stdin } = process;
  emptyInput();
  Object.defineProperty(process, 'stdin', { value: Readable.from([]), configurable: true });
  return stdin;
}

const READING = ['readSync', 'readFileSync', 'readvSync', 'openSync', 'read', 'readFile', 'readv', 'open', 'createReadStream'];

/** What comes there comes from outside: call this before anything of it is read. */
export function watchInput(read) {
  const watch = (object, name, meant) => {
    const original = object[name];
    const watched = function (...args) {
      if (meant(args[0])) read();
      return Reflect.apply(original, this, args);
    };
    define(object, name, Object.assign(watched, original));
  };
  for (const name of READING) watch(fs, name, isInput);
  for (const name of ['readFile', 'open']) watch(fs.promises, name, isInput);
  const { stdin } = process;
  for (const name of ['read', 'resume']) watch(stdin, name, () => true);
  watch(stdin, 'on', (event) => event === 'readable');
  syncBuiltinESMExports();
}
