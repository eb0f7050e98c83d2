// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "kind": "blocked"}
import { execFileSync } from 'node:child_process';
export function worker({ c }) {
  c[0] = 1;
  execFileSync(process.execPath, ['-e', 'setTimeout(() => {}, 30_000)'], { timeout: 6_000 });
}
