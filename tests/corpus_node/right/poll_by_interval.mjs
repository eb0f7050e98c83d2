// {"threads": ["poll", "work"], "memory": {"ready": [0], "out": [0]}, "check": "out == [1]"}
export function poll({ ready, out }) {
  return new Promise((go) => {
    const timer = setInterval(() => {
      if (!Atomics.load(ready, 0)) return;
      clearInterval(timer);
      out[0] = 1;
      go();
    }, 10);
  });
}
export function work({ ready }) {
  Atomics.store(ready, 0, 1);
}
