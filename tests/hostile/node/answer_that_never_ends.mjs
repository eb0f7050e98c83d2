// verdict: fail
// says: Busy loop
// hangs: yes
// why: telling the judge what came back calls this
export function work(memory, index) {
  if (index === 0) return { toJSON() { for (;;); } };
  Atomics.add(memory, 0, 1);
  return index;
}
