// {"threads": ["worker", "worker"], "memory": {"c": [0]}, "check": "c == [2]"}
import { setTimeout as sleep } from 'node:timers/promises';
export async function worker({ c }) {
  await sleep(1);
  Atomics.add(c, 0, 1);
}
