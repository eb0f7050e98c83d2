// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]", "kind": "deadlock"}
export function producer({ flag, data }) {
  data[0] = 42;
  Atomics.notify(flag, 0); // lost when nobody sleeps yet
}
export function consumer({ flag, data, out }) {
  Atomics.wait(flag, 0, 0);
  out[0] = data[0];
}
