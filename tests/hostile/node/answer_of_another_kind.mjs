// verdict: fail
// says: counted as
// why: a whole number, but not the kind that was asked for
export function work(memory, index) {
  if (index === 0) return [BigInt(7), () => 7, Symbol.iterator, new Map()];
  Atomics.add(memory, 0, 1);
  return index;
}
