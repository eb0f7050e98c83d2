// belief: the job is done when its worker exits
// fails: first_message_counts
// says: does not answer

// A worker that listens for more never exits. The first message is the result.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      let result;
      worker.once('message', (message) => { result = { message }; });
      worker.once('error', reject);
      worker.once('exit', (code) => {
        if (result) resolve(result.message);
        else reject(new Error(`exit code ${code}`));
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
