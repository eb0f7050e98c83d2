// {"threads": ["one", "two"], "memory": {"top": [1], "next": [0, 2, 3, 0], "got": [0, 0, 0, 0]}, "check": "walk([top[0] & 255], next, got)"}
// A stack whose top has a tag, so that a node that comes back is not taken for the same.
function pop({ top, next }) {
  for (;;) {
    const t = Atomics.load(top, 0);
    if ((t & 255) === 0) return 0;
    const n = Atomics.load(next, t & 255);
    if (Atomics.compareExchange(top, 0, t, ((t & ~255) + 256) | n) === t) return t & 255;
  }
}
function push({ top, next }, n) {
  for (;;) {
    const t = Atomics.load(top, 0);
    Atomics.store(next, n, t & 255);
    if (Atomics.compareExchange(top, 0, t, ((t & ~255) + 256) | n) === t) return;
  }
}
export function one(m) {
  const n = pop(m);
  if (n) Atomics.add(m.got, n, 1);
}
export function two(m) {
  const a = pop(m);
  const b = pop(m);
  if (b) Atomics.add(m.got, b, 1);
  if (a) push(m, a);
}
