// verdict: fail
// says: RangeError: Maximum call stack
// why: a function that only calls itself
export function work(memory, index) {
  return work(memory, index) + 1;
  Atomics.add(memory, 0, 1);
  return index;
}
