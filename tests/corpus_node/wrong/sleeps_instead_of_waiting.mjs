// {"threads": ["producer", "consumer"], "memory": {"data": [0], "out": [0]}, "check": "out == [42]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
export async function producer({ data }) {
  await pause(5);
  Atomics.store(data, 0, 42);
}
export async function consumer({ data, out }) {
  await pause(200);
  out[0] = Atomics.load(data, 0);
}
