// belief: postMessage and workerData are the same
// fails: data_in_result_out
// says: rejected with TypeError

// workerData is there when the worker begins. A message comes later, and only to who listens.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file);
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`exit code ${code}`)));
      timer = setTimeout(() => reject(timeOut(timeoutMs)), timeoutMs);
      worker.postMessage(data, transfer);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}


function timeOut(ms) {
  return Object.assign(new Error(`no answer after ${ms} ms`), { code: 'ETIMEDOUT' });
}
