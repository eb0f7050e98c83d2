// verdict: fail
// says: Busy loop|does not answer
// hangs: yes
// why: each turn of the loop makes the next
export async function work() {
  for (;;) await null;
}
