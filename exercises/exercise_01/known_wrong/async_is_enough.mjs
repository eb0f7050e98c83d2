// belief: an async function does not block the loop
// beliefs: 1
// fails: loop_turns
// says: without the loop turning

// Nothing in it is awaited, so nothing is ever put off: the whole list is crunched in one go.

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  let total = 0;
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
  }
  return total;
}
