// belief: a result is something
// fails: data_in_result_out
// says: whose first message is 0

// 0, null, false and an empty text are results too.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', (message) => (message ? resolve(message) : reject(new Error('no result'))));
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`exit code ${code}`)));
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
