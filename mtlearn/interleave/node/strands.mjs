// Strands: who steps by hand chooses among them. What a thread does from its beginning on is one. Each thing that it puts
// off goes on in the strand that has put it off, or in another one where that has put off something already; so a chain
// of calls and awaits keeps its letter, as far as it can be told.
import * as c from './control.mjs';
import { C, detailed, me, stepwise, tell } from './block.mjs';
import { standAmong } from './scheduler.mjs';

let own = 0; // the strands of this thread, as bits
let latest = 0; // the one in which something was put off last, or that has begun to run since

const has = (strands, strand) => (strands >> strand) & 1;
const mask = (items) => items.reduce((strands, { strand }) => strands | (1 << strand), 0);

/** Forget the last schedule. */
export function beginStrands() {
  own = 1 << me;
  latest = me;
}

/** The strand in which something is awaited that was put off just now. */
export const awaiting = () => latest;

/** This strand runs from now on. */
export function runStrand(strand) {
  if (!stepwise()) return;
  C[c.chosenOf(me)] = latest = strand;
  C[c.strandsOf(me)] = 1 << strand;
}

/** Give the strand of what is put off now: `owner` (-1: none), or the one that runs, or a free one. */
export function strandFor(owner, waiting, open) {
  if (!stepwise()) return me;
  const taken = mask(waiting);
  const running = C[c.chosenOf(me)];
  const near = [owner, running].find((strand) => strand >= 0 && !has(taken, strand));
  latest = near ?? free(taken | mask(open)) ?? running;
  return latest;
}

function free(taken) {
  for (let strand = 0; strand < c.MAX_THREADS; strand++) {
    if (has(taken, strand) || (has(C[c.USED], strand) && !has(own, strand))) continue;
    own |= 1 << strand;
    C[c.USED] |= 1 << strand;
    return strand;
  }
  return null;
}

/** Let somebody choose which strand goes on, of this thread or of another. Gives the item of the one that is chosen. */
export function chooseByHand(found, waiting, open) {
  if (detailed()) tellStrands(waiting, open);
  const strand = standAmong(mask(found), found[0].strand);
  return found.find((item) => item.strand === strand);
}

/** Tell what each strand would do next, or which await it has come to. */
function tellStrands(waiting, open) {
  const next = new Map();
  for (const item of waiting) if (!next.has(item.strand)) next.set(item.strand, item);
  for (const [strand, { kind, note, where }] of next)
    tell({ next: [strand, ...(where ?? ['', 0]), kind, null, 0, 0, null, note, null] });
  const awaits = new Map(open.filter(({ strand }) => !next.has(strand)).map(({ strand, at }) => [strand, at]));
  tell({ awaits: [me, [...awaits]] });
}
