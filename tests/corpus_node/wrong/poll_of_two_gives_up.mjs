// {"threads": ["poll", "work"], "memory": {"head": [0], "tail": [0], "out": [0]}, "check": "out == [1]", "kind": "check"}
export function poll({ head, tail, out }) {
  let spins = 200;
  while (Atomics.load(head, 0) === Atomics.load(tail, 0)) if (--spins === 0) return;
  out[0] = 1;
}
export function work({ head }) {
  Atomics.add(head, 0, 1);
}
