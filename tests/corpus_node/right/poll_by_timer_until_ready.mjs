// {"threads": ["poll", "work"], "memory": {"ready": [0], "out": [0]}, "check": "out == [1]"}
import { setTimeout as pause } from 'node:timers/promises';
export async function poll({ ready, out }) {
  while (!Atomics.load(ready, 0)) await pause(10);
  out[0] = Atomics.load(ready, 0);
}
export async function work({ ready }) {
  await pause(100);
  Atomics.store(ready, 0, 1);
}
