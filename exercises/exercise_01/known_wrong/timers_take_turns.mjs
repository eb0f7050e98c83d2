// While the first slice is crunched the others become due, and then run in the same turn.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  const parts = [];
  for (let start = 0; start < items.length; start += sliceSize) {
    const slice = items.slice(start, start + sliceSize);
    parts.push(
      new Promise((resolve) => setTimeout(() => resolve(slice.reduce((total, item) => total + crunch(item), 0)), parts.length)),
    );
  }
  return (await Promise.all(parts)).reduce((total, part) => total + part, 0);
}
