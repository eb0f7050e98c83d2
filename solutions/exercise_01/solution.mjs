// A sum in slices, with a turn of the loop between two of them.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Give the sum of crunch(item); let the loop turn after at most sliceSize items. */
export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  // The last slice may be shorter: slice() ends where the array ends.
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
    // Goes on in the next turn. A promise that is resolved already would go on before the loop does anything else.
    await nextTurn();
  }
  return total;
}
