// {"threads": ["one", "two"], "memory": {"top": [1], "next": [0, 2, 0], "got": [0, 0, 0]}, "check": "walk([top[0]], next, got)", "kind": "check"}
// A stack without tags: the top is the same node again, and its next one is gone. The exchange has lost no update.
function pop({ top, next }) {
  for (;;) {
    const first = Atomics.load(top, 0);
    if (first === 0) return 0;
    const second = Atomics.load(next, first);
    if (Atomics.compareExchange(top, 0, first, second) === first) return first;
  }
}
function push({ top, next }, node) {
  for (;;) {
    const first = Atomics.load(top, 0);
    Atomics.store(next, node, first);
    if (Atomics.compareExchange(top, 0, first, node) === first) return;
  }
}
export function one(memory) {
  const node = pop(memory);
  if (node) Atomics.add(memory.got, node, 1);
}
export function two(memory) {
  const first = pop(memory);
  const second = pop(memory);
  if (second) Atomics.add(memory.got, second, 1);
  if (first) push(memory, first);
}
