// {"threads": ["consumer"], "memory": {"flag": [0], "out": [0]}, "check": "out == [1]", "kind": "check"}
export function consumer({ flag, out }) {
  out[0] = Atomics.wait(flag, 0, 0, 60_000) === 'timed-out' ? 2 : 1;
}
