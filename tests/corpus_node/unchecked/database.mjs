// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "True", "reason": "cannot be put in an order (line 7)"}
import { createRequire, isBuiltin } from 'node:module';
import { Worker } from 'node:worker_threads';
const require = createRequire(import.meta.url);
const { DatabaseSync = Worker } = isBuiltin('node:sqlite') ? require('node:sqlite') : {}; // Node.js 20 has none
export function add() {
  new DatabaseSync('/dev/null');
}
