// {"threads": ["poll", "work"], "memory": {"ready": [0], "out": [0]}, "check": "out == [1]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
export async function poll({ ready, out }) {
  for (let i = 0; i < 50 && !Atomics.load(ready, 0); i++) await pause(10);
  out[0] = Atomics.load(ready, 0);
}
export function work({ ready }) {
  Atomics.store(ready, 0, 1);
}
