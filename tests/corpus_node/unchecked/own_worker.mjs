// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "Worker"}
import { Worker } from 'node:worker_threads';
export function worker() {
  new Worker('1', { eval: true });
}
