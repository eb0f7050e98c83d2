// Ann (0) pays Bob (1) while Bob pays Ann. Whoever moves money holds the locks of both accounts.

export const memory = { balances: [100, 100], locks: [0, 0] };
export const threads = [['transfer', 0, 1, 30], ['transfer', 1, 0, 20]];

export function transfer({ balances, locks }, thread, source, target, amount) {
  lock(locks, source);
  lock(locks, target);
  balances[source] -= amount;
  balances[target] += amount;
  unlock(locks, target);
  unlock(locks, source);
}

function lock(locks, i) {
  while (Atomics.compareExchange(locks, i, 0, 1) !== 0) {
    Atomics.wait(locks, i, 1);
  }
}

function unlock(locks, i) {
  Atomics.store(locks, i, 0);
  Atomics.notify(locks, i, 1);
}
