// verdict: fail
// says: null
// why: what is thrown need not be an error
export function work(memory, index) {
  throw null;
  Atomics.add(memory, 0, 1);
  return index;
}
