// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]", "kind": "check"}
export function producer({ flag, data }) {
  data[0] = 42;
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
export function consumer({ flag, data, out }) {
  Atomics.wait(flag, 0, 0, 100);
  out[0] = data[0];
}
