// {"threads": ["worker"], "memory": {"m": [0, 0]}, "check": "m[1] == 1", "kind": "deadlock"}
const lock = (m) => {
  while (Atomics.compareExchange(m, 0, 0, 1) !== 0) Atomics.wait(m, 0, 1);
};
export function worker({ m }) {
  lock(m);
  lock(m);
  m[1]++;
}
