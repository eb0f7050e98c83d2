// {"threads": ["keep", "keep"], "memory": {"kept": [0, 0]}, "check": "list(kept) == [1, 2]"}
// Each thread has a file of its own.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
export function keep({ kept }, me) {
  const file = join(tmpdir(), `file-own-${process.pid}-${me}`);
  writeFileSync(file, String(me + 1));
  Atomics.store(kept, me, Number(readFileSync(file, 'utf8')));
  rmSync(file);
}
