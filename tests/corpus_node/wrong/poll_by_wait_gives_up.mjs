// {"threads": ["poll", "work"], "memory": {"ready": [0], "out": [0]}, "check": "out == [1]", "kind": "check"}
export function poll({ ready, out }) {
  for (let i = 0; i < 20 && Atomics.wait(ready, 0, 0, 50) === 'timed-out'; i++);
  out[0] = Atomics.load(ready, 0);
}
export function work({ ready }) {
  Atomics.store(ready, 0, 1);
  Atomics.notify(ready, 0);
}
