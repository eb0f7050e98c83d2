// verdict: fail
// says: ended the process \(exit code 0\)|process.exit\(0\) ends this thread
// why: the thread ends without an answer
export function work(memory, index) {
  process.exit(0);
  Atomics.add(memory, 0, 1);
  return index;
}
