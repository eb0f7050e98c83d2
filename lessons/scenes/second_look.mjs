// The door lets payments of up to 100 through. The message lies in memory that whoever sent it can still write to.

export const memory = { amount: [80], paid: [0] };
export const threads = [['door'], ['sender']];

export function door({ amount, paid }) {
  if (Atomics.load(amount, 0) <= 100) {
    Atomics.store(paid, 0, Atomics.load(amount, 0));
  }
}

export function sender({ amount }) {
  Atomics.store(amount, 0, 1_000);
}
