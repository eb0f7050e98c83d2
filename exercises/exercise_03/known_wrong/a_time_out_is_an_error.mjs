// belief: an error is an error
// fails: time_limit
// says: ETIMEDOUT

// Who calls cannot tell it from an error of the job: the code says which it is.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`exit code ${code}`)));
      timer = setTimeout(() => reject(new Error(`no answer after ${timeoutMs} ms`)), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
