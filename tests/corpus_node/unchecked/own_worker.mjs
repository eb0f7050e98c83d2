// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "Worker, and threads or ports of its own cannot be put in an order (line 4)"}
import { Worker } from 'node:worker_threads';
export function worker() {
  new Worker('1', { eval: true });
}
