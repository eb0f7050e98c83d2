// verdict: unchecked
// says: has replaced `?Atomics.wait
// why: the same, later
export function work(memory, index) {
  Atomics.wait = () => 'ok';
  Atomics.add(memory, 0, 1);
  return index;
}
