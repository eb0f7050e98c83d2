// verdict: unchecked
// says: parentPort.postMessage
// why: a file that was made to be a worker greets whoever started it: no answer, but no order of steps either
import { isMainThread, parentPort } from 'node:worker_threads';

if (!isMainThread) parentPort.postMessage({ loaded: true, returned: 7, answer: { returned: 7 } });

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
