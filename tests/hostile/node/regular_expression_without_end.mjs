// verdict: fail
// says: Busy loop
// hangs: yes
// why: the matcher goes back and forth for ever
export function work(memory, index) {
  /(a+)+b/.test('a'.repeat(40));
  Atomics.add(memory, 0, 1);
  return index;
}
