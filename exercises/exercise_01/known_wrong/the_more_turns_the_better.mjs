// belief: the more often the loop turns, the better
// fails: not_after_every_item
// says: after every single item

// A turn of the loop costs time, often more than the item itself. The slice size is there to choose.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (const item of items) {
    total += crunch(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
