// verdict: fail
// says: does not finish loading. Busy loop
// hangs: yes
// why: each object that is awaited calls this, and so on for ever
Object.prototype.then = function (resolve) {
  resolve({ loaded: true });
};

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
