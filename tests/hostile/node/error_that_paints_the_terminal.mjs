// verdict: fail
// says: Error: \\x1b\[2J
// why: a terminal would obey this
export function work(memory, index) {
  throw new Error('\x1b[2J\x1b]0;mine\x07\u202egnirts');
  Atomics.add(memory, 0, 1);
  return index;
}
