// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "out": [0]}, "check": "out[0] in (1, 2)"}
export function producer() {}
export function consumer({ flag, out }) {
  for (let i = 0; i < 300; i++) {
    if (Atomics.load(flag, 0) === 1) {
      out[0] = 1;
      return;
    }
  }
  out[0] = 2;
}
