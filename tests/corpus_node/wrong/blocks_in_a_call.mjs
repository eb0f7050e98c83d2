// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "kind": "blocked"}
// It reads from a terminal to which nobody writes.
import { openSync, readSync } from 'node:fs';
export function worker({ c }) {
  c[0] = 1;
  readSync(openSync('/dev/ptmx', 'r+'), Buffer.alloc(1));
}
