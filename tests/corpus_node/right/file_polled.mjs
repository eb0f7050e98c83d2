// {"threads": ["make", "wait"], "memory": {"data": [0], "got": [0]}, "check": "got[0] == 5", "race": true, "max_schedules": 300}
// One waits for a file by looking for it. What it promises was written before.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
const file = join(tmpdir(), `file-polled-${process.pid}`);
export function make({ data }) {
  data[0] = 5;
  writeFileSync(file, '');
}
export function wait({ data, got }) {
  while (!existsSync(file));
  rmSync(file);
  got[0] = data[0];
}
