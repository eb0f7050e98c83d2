// verdict: fail
// says: ended the process that had started it
// why: what has started it is not the judge
export function work(memory, index) {
  process.kill(process.ppid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  Atomics.add(memory, 0, 1);
  return index;
}
