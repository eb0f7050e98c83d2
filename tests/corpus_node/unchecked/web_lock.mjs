// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2", "reason": "cannot be put in an order (line 5)"}
import * as threads from 'node:worker_threads';
export async function add({ c }) {
  const { locks } = threads; // since Node.js 24
  await (locks ?? { request: () => new threads.Worker('') }).request('count', () => c[0]++);
}
