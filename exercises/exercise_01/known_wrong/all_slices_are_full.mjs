// belief: a list divides into full slices
// fails: sum
// says: in slices of 3

// Rounding down forgets the rest: seven items in slices of three are two slices, and one item is lost.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (let number = 0; number < Math.floor(items.length / sliceSize); number++) {
    for (const item of items.slice(number * sliceSize, (number + 1) * sliceSize)) total += crunch(item);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return total;
}
