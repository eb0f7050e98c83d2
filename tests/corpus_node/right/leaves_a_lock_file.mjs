// {"threads": ["first", "first"], "memory": {"n": [0]}, "check": "n == [1]"}
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function first({ n }) {
  try {
    fs.closeSync(fs.openSync(path.join(os.tmpdir(), 'corpus-leaves-a-lock-file'), 'wx'));
  } catch {
    return; // somebody else was first
  }
  Atomics.add(n, 0, 1);
}
