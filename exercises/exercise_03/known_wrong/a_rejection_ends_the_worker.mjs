// belief: a promise that is rejected ends what it waited for
// fails: late_worker_is_gone
// says: still running

// It ends nothing: the worker runs its endless loop, and takes a core with it.

import { Worker } from 'node:worker_threads';

export function runJob(file, data, { timeoutMs, transfer }) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData: data, transferList: transfer });
    const timer = setTimeout(() => reject(timeOut(timeoutMs)), timeoutMs);
    worker.once('message', (result) => {
      resolve(result);
      worker.terminate();
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`exit code ${code}`));
    });
  });
}


function timeOut(ms) {
  return Object.assign(new Error(`no answer after ${ms} ms`), { code: 'ETIMEDOUT' });
}
