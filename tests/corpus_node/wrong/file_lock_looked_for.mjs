// {"threads": ["enter", "enter"], "memory": {"inside": [0], "left": [2]}, "check": "True", "kind": "exception"}
// A file says that somebody is inside: both find none, and both go in.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const file = join(tmpdir(), `file-lock-${process.pid}`);
export function enter({ inside }) {
  if (existsSync(file)) return;
  writeFileSync(file, '');
  const others = Atomics.add(inside, 0, 1);
  Atomics.sub(inside, 0, 1);
  rmSync(file, { force: true });
  if (others) throw new Error('two are inside');
}
