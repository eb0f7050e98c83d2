// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "True", "reason": "reads standard input (line 4)"}
import { readFileSync } from 'node:fs';
export function add({ c }) {
  Atomics.add(c, 0, Number(readFileSync(0, 'utf8')));
}
