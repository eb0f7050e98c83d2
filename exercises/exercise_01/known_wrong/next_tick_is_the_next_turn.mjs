// belief: process.nextTick is the next turn of the loop
// fails: loop_turns
// says: without the loop turning

// In spite of its name it runs at the end of this turn, before the loop goes on.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
    await new Promise((resolve) => process.nextTick(resolve));
  }
  return total;
}
