// One job in one worker: whatever ends it settles the promise, and nothing stays.
import { Worker } from 'node:worker_threads';

/** Run a file in a worker of its own; its first message is the result. */
export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  let timer;
  try {
    // Whichever of these four comes first decides: a promise settles only once, and what comes later changes nothing.
    return await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`the worker ended with exit code ${code} and gave no result`)));
      timer = setTimeout(() => reject(timeOut(timeoutMs)), timeoutMs);
    });
  } finally {
    clearTimeout(timer); // else it keeps the program alive until it rings
    await worker.terminate(); // also a worker that has answered may go on; for one that has ended, this does nothing
  }
}

function timeOut(ms) {
  return Object.assign(new Error(`the worker had not answered after ${ms} ms`), { code: 'ETIMEDOUT' });
}
