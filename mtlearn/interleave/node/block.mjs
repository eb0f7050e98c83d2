// The control block as a thread sees it: its words, the tables beside it, and what is told about a schedule.
import * as c from './control.mjs';

const { store, notify } = Atomics; // before the learner's Atomics replace them
const { stringify } = JSON;
const { apply } = Reflect;
const { set } = Object.getPrototypeOf(Uint8Array.prototype); // the control block has no yield points
const encode = TextEncoder.prototype.encode.bind(new TextEncoder());

export let C, rows, prefix, decisions, moves;
export let me = -1; // whose view this is
export let base = 0; // where its words begin in the control block
let text;

export function attach(blocks, thread) {
  C = new Int32Array(blocks.control);
  prefix = new Uint8Array(blocks.prefix);
  decisions = new Int32Array(blocks.decisions);
  moves = new Int32Array(blocks.moves);
  rows = new Int32Array(blocks.rows);
  text = new Uint8Array(blocks.text);
  me = thread;
  base = c.at(thread);
}

export const active = () => C[c.ACTIVE] === 1;
export const aborting = () => C[c.ABORT] === 1;
export const stepwise = () => C[c.STEPWISE] === 1;
export const detailed = () => C[c.DETAIL] === 1 && (C[c.SPINS] === 0 || stepwise()); // a loop was told by then
export const freshModules = () => C[c.FRESH_MODULES];
export const program = () => C[c.PROGRAM];

/** Is there room for one more step? */
export const hasRoom = () => C[c.TEXT_LENGTH] < c.STEPS_BYTES;

/** Say something about this schedule to the host; whether there was room for it. Only the holder of the baton may. */
export function tell(value) {
  const bytes = encode(`${stringify(value)}\n`);
  const start = C[c.TEXT_LENGTH];
  if (start + bytes.length > text.length) return false;
  apply(set, text, [bytes, start]);
  C[c.TEXT_LENGTH] = start + bytes.length;
  return true;
}

/** End the schedule. */
export function stop(ending) {
  if (C[c.DONE]) return;
  C[c.ENDING] = ending;
  store(C, c.DONE, 1);
  notify(C, c.DONE);
}
