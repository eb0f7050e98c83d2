// {"threads": ["worker", "worker", "worker"], "memory": {"next": [0], "serving": [0], "c": [0]}, "check": "c == [3]"}
export function worker({ next, serving, c }) {
  const mine = Atomics.add(next, 0, 1);
  while (Atomics.load(serving, 0) !== mine);
  c[0]++;
  Atomics.add(serving, 0, 1);
}
