// {"threads": ["take", "take"], "memory": {"slots": [0, 0], "next": [0]}, "check": "slots[0] != slots[1]", "kind": "check"}
// Each draws one slot of eighty: nearly all draws do not meet.
export function take({ slots, next }) {
  slots[Atomics.add(next, 0, 1)] = 1 + Math.floor(Math.random() * 80);
}
