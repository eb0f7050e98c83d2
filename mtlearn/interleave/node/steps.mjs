// A step told in words: only where a plan asks for detail, because finding the line costs some 10 µs.
import { chosenOf, OPERATION } from './control.mjs';
import { record } from './log.mjs';
import { C, detailed, hasRoom, stepwise, tell } from './block.mjs';
import { yieldPoint } from './scheduler.mjs';

const LONGEST_STACK = 10_000; // characters
const own = new URL('.', import.meta.url).href;

/** Turn a file URL or path, as stack frames give it, into a name without the query of a fresh evaluation. */
export const plainFile = (file) => file.replace(/\?schedule=\d+$/, '');

function isLearners(file) {
  return file && !file.startsWith('node:') && !file.startsWith(own);
}

/** Where in the learner's code an error was made: innermost frame first. [file, line] pairs. */
export function framesOf(makeError) {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = 40;
  Error.prepareStackTrace = (_, frames) =>
    frames
      .filter((frame) => isLearners(frame.getFileName()))
      .map((frame) => [plainFile(frame.getFileName()), frame.getLineNumber()]);
  try {
    const frames = makeError().stack;
    return Array.isArray(frames) ? frames : [];
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const FRAME = /(?:at |\()((?:file:\/\/)?\/[^()]*?|[A-Za-z]:\\[^()]*?):(\d+):\d+\)?$/;

/** The same, read from the text of an error that was made elsewhere. */
export function framesIn(error) {
  return String(error?.stack ?? '')
    .slice(-LONGEST_STACK) // its text, which comes first, may be of any length
    .split('\n')
    .map((line) => FRAME.exec(line))
    .filter((match) => match && isLearners(match[1]))
    .map((match) => [plainFile(match[1]), Number(match[2])]);
}

const short = (value) => (value === undefined ? null : String(value));

/** Whose step it is: that of a strand, where somebody steps by hand. */
const whose = (thread) => (stepwise() ? C[chosenOf(thread)] : thread);

/**
 * Log one operation: what it touched, whether it changed it, and in detail what it did.
 * `location` is [buffer, offset, length]; `told` is the value as the learner should read it.
 */
export function done(thread, name, kind, location, value, { changed = false, told = value, note = null } = {}) {
  const row = record(OPERATION[name], kind, location[0], location[1], location[2], value, changed);
  if (!detailed() || !hasRoom()) return;
  tell({ step: [whose(thread), ...where(), name, ...location, short(told), note, row] });
}

export const where = () => framesOf(() => new Error())[0] ?? ['', 0];

/** Log that something is done that was put off, see events.mjs. */
export function passed(thread, { kind, ms, note, where: at }) {
  const row = record(OPERATION.later, 0, -1, ms, 0, 0, false);
  if (detailed()) tell({ step: [whose(thread), ...(at ?? ['', 0]), kind, null, 0, 0, null, note, row] });
}

/** Log a call of the system: whoever polls by it may find something new each time. */
export function called(thread, name) {
  const row = record(OPERATION.call, 0, -1, 0, 0, 0, true);
  if (detailed() && hasRoom()) tell({ step: [whose(thread), ...where(), 'call', name, 0, 0, null, null, row] });
}

/** Say what a thread is about to do, where it may be paused before it does. */
export function aboutTo(thread, name, location, value = undefined) {
  if (stepwise() && detailed()) tell({ next: [whose(thread), ...where(), name, ...location, short(value), null, null] });
}

/** Stand before an operation: here another thread may go first. */
export function stand(thread, name, location, value) {
  aboutTo(thread, name, location, value);
  yieldPoint();
}
