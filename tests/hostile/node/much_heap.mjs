// verdict: fail
// says: used more than 400 MB of memory, and was stopped|ERR_WORKER_OUT_OF_MEMORY|Busy loop
// why: as many objects as there are
export function work(memory, index) {
  const hoard = [];
  for (;;) hoard.push({ index });
  Atomics.add(memory, 0, 1);
  return index;
}
