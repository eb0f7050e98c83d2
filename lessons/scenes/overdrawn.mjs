// An account of 100. Two withdrawals of 80 each look whether there is enough, and then take it.

export const memory = { balance: [100] };
export const threads = [['withdraw'], ['withdraw']];

export function withdraw({ balance }) {
  if (Atomics.load(balance, 0) >= 80) {
    Atomics.sub(balance, 0, 80);
    return 80;
  }
  return 0;
}
