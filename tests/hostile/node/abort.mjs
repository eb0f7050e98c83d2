// verdict: fail
// says: process.abort|SIGABRT
// why: the process gives up; a Worker may not
export function work(memory, index) {
  process.abort();
  Atomics.add(memory, 0, 1);
  return index;
}
