// verdict: fail
// says: Livelock: .*line 6
// hangs: yes
// why: the loop looks at what nobody changes
export function work(memory, index) {
  while (Atomics.load(memory, 0) < 100);
  Atomics.add(memory, 0, 1);
  return index;
}
