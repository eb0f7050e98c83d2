// belief: the result is what the worker said last
// fails: first_message_counts
// says: the second

// The messages are in order: the first is the result, whatever else it says.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      let last;
      worker.on('message', (message) => {
        last = message;
        setTimeout(() => resolve(last), 50); // perhaps there is more
      });
      worker.once('error', reject);
      worker.once('exit', (code) => setTimeout(() => reject(new Error(`exit code ${code}`)), 100));
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
