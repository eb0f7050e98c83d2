// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]"}
export function producer({ flag, data }) {
  data[0] = 42;
  Atomics.store(flag, 0, 1);
}
export function consumer({ flag, data, out }) {
  while (Atomics.load(flag, 0) === 0) Atomics.wait(flag, 0, 0, 5);
  out[0] = data[0];
}
