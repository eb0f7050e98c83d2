// Exercise 1: a long sum that lets others have their turn. README.md says what it must do.

/** Give the sum of crunch(item); let the loop turn after at most sliceSize items. */
export async function sumInSlices(items, crunch, sliceSize) {
  throw new Error('not written yet: sumInSlices', { cause: 'unwritten' });
}
