// verdict: fail
// says: cannot be (read|shown)
// why: its text cannot be had
export function work(memory, index) {
  throw { get message() { throw new Error('no'); }, get stack() { throw new Error('no'); } };
  Atomics.add(memory, 0, 1);
  return index;
}
