// {"threads": ["count", "count"], "memory": {"left": [2], "counted": [0]}, "check": "counted[0] == 2", "kind": "check"}
// A counter in a file: both read it before either writes. The last one takes the file away.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const file = join(tmpdir(), `file-counter-${process.pid}`);
export function count({ left, counted }) {
  let before = 0;
  try {
    before = Number(readFileSync(file, 'utf8'));
  } catch {
    // nobody has counted yet
  }
  writeFileSync(file, String(before + 1));
  if (Atomics.sub(left, 0, 1) > 1) return;
  counted[0] = Number(readFileSync(file, 'utf8'));
  rmSync(file);
}
