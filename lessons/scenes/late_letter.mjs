// A clerk reads the box for the last time and goes home. Somebody looks whether the office is open, and posts a letter.

export const memory = { open: [1], posted: [0], read: [0] };
export const threads = [['sender'], ['clerk']];

export function sender({ open, posted }) {
  if (Atomics.load(open, 0) === 1) {
    Atomics.store(posted, 0, 1);
  }
}

export function clerk({ open, posted, read }) {
  Atomics.store(open, 0, 0);
  Atomics.store(read, 0, Atomics.load(posted, 0));
}
