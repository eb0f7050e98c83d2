// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "execFileSync, and a process of its own cannot be put in an order (line 5)"}
import { execFileSync } from 'node:child_process';
export function worker({ c }) {
  c[0] = 1;
  execFileSync('true');
}
