// {"threads": ["enter", "enter"], "memory": {"locked": [0], "inside": [0], "most": [0]}, "check": "most[0] <= 1", "kind": "check"}
// A lock made of a flag: both find it free, and both take it. Nothing that was counted is lost by that.
export function enter({ locked, inside, most }) {
  while (Atomics.load(locked, 0) === 1);
  Atomics.store(locked, 0, 1);
  if (Atomics.add(inside, 0, 1) > 0) Atomics.store(most, 0, 2);
  Atomics.sub(inside, 0, 1);
  Atomics.store(locked, 0, 0);
}
