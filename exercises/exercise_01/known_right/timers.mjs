// Between two slices it waits for a timer.
export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new TypeError('sliceSize');
  let total = 0;
  for (const [index, item] of items.entries()) {
    if (index % sliceSize === 0) await new Promise((resolve) => setTimeout(resolve));
    total += crunch(item);
  }
  return total;
}
