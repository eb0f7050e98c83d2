// belief: sliceSize says how many slices there are
// fails: loop_turns
// says: in slices of 3

// A hundred items in "seven slices" are fifteen items in each.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  const step = Math.max(1, Math.ceil(items.length / sliceSize));
  for (let start = 0; start < items.length; start += step) {
    for (const item of items.slice(start, start + step)) total += crunch(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
