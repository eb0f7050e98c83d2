// {"threads": ["worker", "worker"], "memory": {"b": [0]}, "check": "True", "kind": "deadlock"}
export function worker({ b }) {
  if (Atomics.add(b, 0, 1) + 1 === 3) Atomics.notify(b, 0);
  for (let n; (n = Atomics.load(b, 0)) < 3; ) Atomics.wait(b, 0, n);
}
