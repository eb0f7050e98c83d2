// belief: every await gives the loop a turn
// fails: loop_turns
// says: without the loop turning

// What follows an await of a resolved promise is a microtask: it runs before the loop does anything else.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
    await Promise.resolve();
  }
  return total;
}
