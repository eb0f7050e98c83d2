// Between two slices it really waits: here for what the file system answers, but any wait will do.
export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new TypeError('sliceSize');
  let total = 0;
  for (const [index, item] of items.entries()) {
    if (index % sliceSize === 0) await import('node:fs/promises').then(({ stat }) => stat('.'));
    total += crunch(item);
  }
  return total;
}
