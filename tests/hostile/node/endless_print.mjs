// verdict: fail
// says: Busy loop|printed more than|used more than
// hangs: yes
// why: the output of a loop that never ends
export function work(memory, index) {
  for (;;) console.log('again and again');
  Atomics.add(memory, 0, 1);
  return index;
}
