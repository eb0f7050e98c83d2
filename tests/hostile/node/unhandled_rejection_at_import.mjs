// verdict: fail
// says: RangeError: nobody looks
// why: the same, before anything is asked
Promise.reject(new RangeError('nobody looks'));

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
