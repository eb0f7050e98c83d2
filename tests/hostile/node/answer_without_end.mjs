// verdict: fail
// says: circular
// why: an object that holds itself
export function work(memory, index) {
  if (index === 0) {
    const me = {};
    me.me = me;
    return me;
  }
  Atomics.add(memory, 0, 1);
  return index;
}
