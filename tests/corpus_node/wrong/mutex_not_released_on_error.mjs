// {"threads": ["worker", "worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 2", "kind": "deadlock"}
export function worker({ m }, index) {
  while (Atomics.compareExchange(m, 0, 0, 1) !== 0) Atomics.wait(m, 0, 1);
  try {
    m[1]++;
    if (index === 0) throw new Error('no money');
    Atomics.store(m, 0, 0);
    Atomics.notify(m, 0);
  } catch {
    // forgotten
  }
}
