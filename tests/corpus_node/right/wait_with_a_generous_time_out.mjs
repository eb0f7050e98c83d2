// {"threads": ["producer", "consumer"], "memory": {"flag": [0], "data": [0], "out": [0]}, "check": "out == [42]"}
export function producer({ flag, data }) {
  data[0] = 42;
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
}
export function consumer({ flag, data, out }) {
  if (Atomics.wait(flag, 0, 0, 5000) === 'timed-out') throw new Error('nobody has produced');
  out[0] = data[0];
}
