// belief: any error will do, if the text is right
// fails: error_comes_back
// says: should reject with the same

// Whoever asks `error instanceof RangeError` is told no.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', (error) => reject(new Error(error.message)));
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
