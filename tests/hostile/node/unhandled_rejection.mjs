// verdict: fail
// says: RangeError: nobody looks
// why: nobody looks at this promise
export function work(memory, index) {
  Promise.reject(new RangeError('nobody looks'));
  Atomics.add(memory, 0, 1);
  return index;
}
