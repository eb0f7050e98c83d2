// belief: reduce needs no value to begin with
// fails: empty
// says: TypeError

// Without any item reduce has nothing to give, and throws.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  const parts = [];
  for (let start = 0; start < items.length; start += sliceSize) {
    parts.push(items.slice(start, start + sliceSize).map(crunch).reduce((total, value) => total + value));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return parts.reduce((total, part) => total + part);
}
