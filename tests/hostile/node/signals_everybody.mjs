// verdict: fail
// says: mtlearn refuses it
// why: pid -1 is every process of the user; signal 0 would only ask
process.kill(-1, 0);

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
