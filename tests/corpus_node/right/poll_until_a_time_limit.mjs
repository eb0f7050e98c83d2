// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "out": [0]}, "check": "out[0] in (1, 2)"}
export function producer({ flag }) {
  Atomics.store(flag, 0, 1);
}
export function consumer({ flag, out }) {
  const end = performance.now() + 100;
  while (Atomics.load(flag, 0) === 0 && Date.now() > 0 && performance.now() < end);
  out[0] = 2 - Atomics.load(flag, 0);
}
