// belief: a timer that is no longer needed does no harm
// fails: nothing_stays
// says: Timeout

// It keeps the program alive until it rings: a job of a millisecond with a limit of an hour ends in an hour.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`exit code ${code}`)));
      setTimeout(() => reject(timeOut(timeoutMs)), timeoutMs);
    });
  } finally {
    await worker.terminate();
  }
}


function timeOut(ms) {
  return Object.assign(new Error(`no answer after ${ms} ms`), { code: 'ETIMEDOUT' });
}
