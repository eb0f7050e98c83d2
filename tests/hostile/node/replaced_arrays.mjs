// verdict: unchecked
// says: has replaced `Array.prototype
// why: a list that keeps nothing
Array.prototype.map = function () {
  return [];
};
Array.prototype.push = () => 0;
Array.prototype[Symbol.iterator] = function* () {};

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
