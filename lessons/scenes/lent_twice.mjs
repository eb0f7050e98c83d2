// A pool of two buffers. Each thread borrows one and gets its number.

export const memory = { lent: [0, 0] };
export const threads = [['borrow'], ['borrow']];

export function borrow({ lent }) {
  for (let number = 0; number < 2; number++) {
    if (lent[number] === 0) {
      lent[number] = 1;
      return number;
    }
  }
  return null;
}
