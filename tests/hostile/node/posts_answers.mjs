// verdict: fail
// says: counted as 0
// why: what comes through parentPort is no answer
import { parentPort } from 'node:worker_threads';

export function work() {
  for (const id of [undefined, 0, 1, 2, 3, 4, 5]) parentPort.postMessage({ id, answer: { returned: 0 }, returned: 0 });
  return 7;
}
