// verdict: unchecked
// says: has replaced `Atomics.(wait|add)`
// why: an Atomics that never sleeps
Atomics.wait = () => 'ok';
Atomics.add = () => 0;

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
