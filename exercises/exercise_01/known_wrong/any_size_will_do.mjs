// belief: nobody asks for slices of less than one item
// fails: slice_size_is_checked
// says: it returned

// With 0 the remainder is NaN: it never equals 0, so the loop never turns, and nobody hears of it.

export async function sumInSlices(items, crunch, sliceSize) {
  let total = 0;
  for (const [index, item] of items.entries()) {
    total += crunch(item);
    if ((index + 1) % sliceSize === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
