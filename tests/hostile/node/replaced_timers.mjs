// verdict: unchecked
// says: has replaced `(setTimeout|setImmediate)`
// why: a clock that does not wait
globalThis.setTimeout = globalThis.setImmediate = (call) => call();

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
