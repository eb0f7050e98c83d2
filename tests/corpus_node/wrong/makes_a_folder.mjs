// {"threads": ["enter", "enter"], "memory": {"n": [0]}, "check": "n == [2]", "kind": "exception"}
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = path.join(os.tmpdir(), 'corpus-makes-a-folder'); // left behind by every run

export function enter({ n }) {
  if (!fs.existsSync(folder)) fs.mkdirSync(folder);
  Atomics.add(n, 0, 1);
}
