// verdict: fail
// says: Busy loop
// hangs: yes
// why: an exception sent to the thread is caught by it
export function work(memory, index) {
  for (;;) {
    try {
      for (;;);
    } catch {
      continue;
    }
  }
  Atomics.add(memory, 0, 1);
  return index;
}
