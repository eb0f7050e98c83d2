// verdict: fail
// says: was killed by SIGKILL
// why: a signal that cannot be caught
export function work(memory, index) {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
  Atomics.add(memory, 0, 1);
  return index;
}
