// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "parentPort"}
import { parentPort } from 'node:worker_threads';
parentPort.on('message', () => {});
export function worker() {}
