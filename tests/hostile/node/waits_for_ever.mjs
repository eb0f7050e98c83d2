// verdict: fail
// says: Deadlock|Blocked
// hangs: yes
// why: nobody notifies it
export function work(memory, index) {
  Atomics.wait(memory, 0, 0);
  Atomics.add(memory, 0, 1);
  return index;
}
