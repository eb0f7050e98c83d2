// belief: it is enough to let the loop turn once
// fails: loop_turns
// says: without the loop turning

// It is polite once, at the beginning, and then holds the loop to the end.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  await new Promise((resolve) => setImmediate(resolve));
  return items.reduce((total, item) => total + crunch(item), 0);
}
