// verdict: fail
// says: Busy loop: .* line 6
// hangs: yes
// why: a loop that touches nothing shared reaches no point at which it could be stopped
export function work(memory, index) {
  for (;;);
  Atomics.add(memory, 0, 1);
  return index;
}
