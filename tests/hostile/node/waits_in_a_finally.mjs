// verdict: fail
// says: Deadlock|Blocked
// hangs: yes
// why: the end of the thread is never reached
export function work(memory, index) {
  try {
    throw new Error('on the way out');
  } finally {
    Atomics.wait(memory, 0, 0);
  }
  Atomics.add(memory, 0, 1);
  return index;
}
