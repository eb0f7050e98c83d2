// verdict: fail
// says: Error: xxx
// why: its text is longer than anybody reads
export function work(memory, index) {
  throw new Error('x'.repeat(30_000_000));
  Atomics.add(memory, 0, 1);
  return index;
}
