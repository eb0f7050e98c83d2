// A loop over the slices, and one over the items of each; an immediate follows each slice.
export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
