// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]", "kind": "check"}
export function producer({ flag, data }) {
  Atomics.store(flag, 0, 1);
  data[0] = 42;
}
export function consumer({ flag, data, out }) {
  while (Atomics.load(flag, 0) === 0);
  out[0] = data[0];
}
