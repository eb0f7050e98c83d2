// verdict: fail
// says: used more than 400 MB of memory, and was stopped
// why: as much as there is, outside the heap
export function work(memory, index) {
  const hoard = [];
  for (;;) hoard.push(Buffer.alloc(10_000_000, 1));
  Atomics.add(memory, 0, 1);
  return index;
}
