// verdict: fail
// says: Livelock|Busy loop
// hangs: yes
// why: what unwinds a thread at a yield point is caught as well
export function work(memory, index) {
  for (;;) {
    try {
      while (Atomics.load(memory, 0) < 100);
    } catch {
      continue;
    }
  }
  Atomics.add(memory, 0, 1);
  return index;
}
