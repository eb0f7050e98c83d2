// Between two slices it waits for the scheduler's own way to yield.
export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new TypeError('sliceSize');
  let total = 0;
  for (const [index, item] of items.entries()) {
    if (index % sliceSize === 0) await import('node:timers/promises').then(({ scheduler }) => scheduler.yield());
    total += crunch(item);
  }
  return total;
}
