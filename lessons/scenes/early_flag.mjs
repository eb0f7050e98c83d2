// A worker computes, and says when it is done. Whoever asked looks whether it is, and takes the result.

export const memory = { done: [0], result: [0] };
export const threads = [['worker'], ['asker']];

export function worker({ done, result }) {
  Atomics.store(done, 0, 1);
  Atomics.store(result, 0, 6 * 7);
}

export function asker({ done, result }) {
  if (Atomics.load(done, 0) === 1) {
    return Atomics.load(result, 0);
  }
  return null; // later, then
}
