// verdict: fail
// says: was halted by a signal \(SIGSTOP\)
// why: a stopped process neither answers nor ends
export function work(memory, index) {
  process.kill(process.pid, 'SIGSTOP');
  Atomics.add(memory, 0, 1);
  return index;
}
