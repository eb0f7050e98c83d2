// belief: what is to be moved can as well be copied
// fails: transfer
// says: it has 1000

// The buffer stays here as well: twice the memory, and two sides that each think it is theirs.

import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs }) {
  const worker = new Worker(file, { workerData: data });
  let timer;
  try {
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
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
