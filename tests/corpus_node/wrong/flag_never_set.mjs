// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]", "kind": "livelock"}
export function producer({ data }) {
  data[0] = 42;
}
export function consumer({ flag, data, out }) {
  while (Atomics.load(flag, 0) === 0);
  out[0] = data[0];
}
