// belief: exit code 0 means that all went well
// fails: end_without_a_result
// says: does not answer

// The worker came to its end without a word. No message will ever come: the promise never settles.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => {
        if (code !== 0) reject(new Error(`exit code ${code}`));
      });
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
