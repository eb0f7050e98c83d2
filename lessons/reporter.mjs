// How a demo script tells what it measured: one JSON line for each thing, on standard output.
//
//   params({ threads: 4 })       what the caller asked for, these values where nothing was asked
//   row({ variant: ..., ... })   one row of the result table
//   skip(variant, why, get)      a row that could not be measured here, why, and the command that brings it, if one does
//   now(), span(...)             what happened when, on which thread (for the timeline and the trace file)
//   mark(...), lane(...)         one moment on a thread's lane; what a thread is called there
//   gauge(name, value)           one reading of something that is read again and again, drawn as it comes
//   await npmPackage(name, ...)  a package from npm, or null where it is not installed (and its rows are skipped)
//
// Run by hand (`node lessons/lesson_05/race.mjs`), a script prints readable lines instead.
// `reporter.py` is the same in Python.
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const forMtlearn = 'MTLEARN_PARAMS' in process.env;

export function params(defaults) {
  const asked = JSON.parse(process.env.MTLEARN_PARAMS ?? '{}');
  return Object.fromEntries(Object.keys(defaults).map((name) => [name, asked[name] ?? defaults[name]]));
}

export function row(cells) {
  tell({ row: cells });
}

export function skip(variant, why, get) {
  tell({ row: { variant, ...(get ? { skipped: `${why}: ${get}`, get } : { skipped: why }) } });
}

/** Microseconds on a clock that all threads and processes of this machine share. */
export function now() {
  return (performance.timeOrigin + performance.now()) * 1000;
}

/**
 * `thread` did `name` from `start` to `end` (both from now()); its `state` is running, waiting or starting.
 * A demo of several `scenes` gets a picture for each, all on one scale.
 */
export function span(name, thread, start, end, { process, state = 'running', scene } = {}) {
  event('X', name, thread, process, scene, { ts: start, dur: end - start, cat: state });
}

/** Something happened on `thread` at one moment (now, where `at` is not given). */
export function mark(name, thread, { process, at = now(), scene } = {}) {
  event('i', name, thread, process, scene, { ts: at, s: 't' });
}

/** Call a thread by this name; lanes are drawn in the order in which they are named. */
export function lane(thread, name, { process } = {}) {
  event('M', 'thread_name', thread, process, undefined, { args: { name } });
}

/** `name` reads `value` now; its `form` is count, share (0 to 1), ns or bytes, as for a column of the table. */
export function gauge(name, value, form = 'count') {
  tell({ event: { name, ph: 'C', pid: process.pid, ts: now(), cat: form, args: { value } } });
}

function event(ph, name, tid, pid = process.pid, scene, more) {
  if (scene !== undefined) more.args = { scene };
  tell({ event: { name, ph, pid, tid, ...more } });
}

function tell(thing) {
  if (forMtlearn) writeAll(Buffer.from(JSON.stringify(thing) + '\n'));
  else if (thing.row) console.log(Object.entries(thing.row).map(([name, value]) => `${name}=${value}`).join('  '));
}

/** Write all of it: Node may have made the pipe one that does not wait, and it may be full. */
function writeAll(bytes) {
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(1, bytes));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1); // a millisecond
    }
  }
}

/**
 * The npm package of this name, as `mtlearn setup node` installs it. Where it is not there, every variant named
 * after it is reported as skipped, with that command; the answer is null then.
 */
export async function npmPackage(name, ...variants) {
  const beside = process.env.MTLEARN_PACKAGES;
  const { resolve } = createRequire(beside ? join(beside, 'package.json') : import.meta.url);
  try {
    const module = await import(pathToFileURL(resolve(name)));
    return module.default ?? module; // some have no default export
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    for (const variant of variants) skip(variant, `the npm package ${name} is not installed`, 'mtlearn setup node');
    return null;
  }
}
