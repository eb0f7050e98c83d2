// belief: a worker answers, or there is an error event
// fails: end_without_a_result
// says: does not answer

// A worker that calls process.exit() does neither: the promise never settles.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      timer = setTimeout(() => reject(timeOut(timeoutMs)), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}


function timeOut(ms) {
  return Object.assign(new Error(`no answer after ${ms} ms`), { code: 'ETIMEDOUT' });
}
