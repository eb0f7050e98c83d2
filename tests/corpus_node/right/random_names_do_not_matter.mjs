// {"threads": ["run", "run"], "memory": {"c": [0]}, "check": "c == [2]"}
import { randomBytes, randomUUID } from 'node:crypto';
export function run({ c }) {
  const names = new Set([randomUUID(), crypto.randomUUID(), randomBytes(8).toString('hex')]);
  crypto.getRandomValues(new Uint8Array(c.buffer, 0, 0));
  if (names.size === 3 && Date.now() <= new Date().getTime() && process.hrtime.bigint() > 0n) Atomics.add(c, 0, 1);
}
