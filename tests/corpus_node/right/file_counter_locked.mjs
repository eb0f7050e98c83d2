// {"threads": ["count", "count"], "memory": {"lock": [0], "left": [2], "counted": [0]}, "check": "counted[0] == 2"}
// A counter in a file, under a lock. The last one takes the file away.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const file = join(tmpdir(), `file-counter-locked-${process.pid}`);
export function count({ lock, left, counted }) {
  while (Atomics.compareExchange(lock, 0, 0, 1) !== 0) Atomics.wait(lock, 0, 1);
  const before = left[0] === 2 ? 0 : Number(readFileSync(file, 'utf8'));
  writeFileSync(file, String(before + 1));
  if (--left[0] === 0) {
    counted[0] = Number(readFileSync(file, 'utf8'));
    rmSync(file);
  }
  Atomics.store(lock, 0, 0);
  Atomics.notify(lock, 0, 1);
}
