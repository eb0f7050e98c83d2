// In which order does Node's loop call what was handed to it? Every name is noted when it runs.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { row } from '../reporter.mjs';

function report(variant, names, begun) {
  const took = (performance.now() - begun) * 1e6;
  row({ variant, threads: [process.pid], order: names.join(' > '), took_ns: took });
}

/** Everything asked for in one go, last things first; `done` is called when all of it has run. */
function several(names, done) {
  let left = 5;
  const note = (name) => () => {
    names.push(name);
    if (--left === 0) done();
  };
  // region asked for in one go
  setTimeout(note('setTimeout(0)'), 0);
  setImmediate(note('setImmediate'));
  queueMicrotask(note('queueMicrotask'));
  Promise.resolve().then(note('promise'));
  process.nextTick(note('nextTick')); // <-
  names.push('code');
  // endregion
}

// At the top of a module, before anything else has run.
const top = [];
const started = performance.now();
Promise.resolve().then(() => top.push('promise'));
process.nextTick(() => top.push('nextTick'));
top.push('code');
await sleep(10);

// In a callback of I/O: the loop is in its poll phase, and next comes the check phase, where setImmediate is.
let begun = performance.now();
let names = [];
await new Promise((done) => readFile(import.meta.filename, () => several(names, done)));
report('in a callback of I/O', names, begun);

// A promise that is settled, awaited again and again: the loop does not turn.
begun = performance.now();
names = [];
setImmediate(() => names.push('setImmediate'));
for (let i = 0; i < 1_000; i++) await Promise.resolve();
names.push('1,000 awaits');
await sleep(10);
report('await what is done', names, begun);

report('at the top of an ES module', top, started);

// The same in a CommonJS script, in its own process (`node -e` runs one).
begun = performance.now();
const script = `
  const names = [];
  Promise.resolve().then(() => names.push('promise'));
  process.nextTick(() => names.push('nextTick'));
  names.push('code');
  setTimeout(() => console.log(names.join(' > ')), 10);`;
const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=commonjs', '-e', script]);
report('at the top of a CommonJS script', [stdout.trim()], begun);
