// verdict: fail
// says: was killed by SIGSEGV
// why: as a fault in C ends it
export function work(memory, index) {
  process.kill(process.pid, 'SIGSEGV');
  for (;;);
  Atomics.add(memory, 0, 1);
  return index;
}
