// verdict: fail
// says: was killed by SIGKILL
// why: whoever was started with it is ended as well
export function work(memory, index) {
  process.kill(0, 'SIGKILL');
  for (;;);
  Atomics.add(memory, 0, 1);
  return index;
}
