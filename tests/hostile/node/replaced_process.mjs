// verdict: unchecked
// says: has replaced `process
// why: what leaves by process.exit comes back
process.exit = process.kill = () => {};
globalThis.process = { pid: 1 };

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
