// A signal instead of a timer: it goes with its time, or, once nothing listens to it any more, with the garbage.
import { Worker } from 'node:worker_threads';

export async function runJob(file, data, { timeoutMs, transfer }) {
  const worker = new Worker(file, { workerData: data, transferList: transfer });
  const signal = AbortSignal.timeout(timeoutMs);
  let onAbort;
  try {
    return await new Promise((resolve, reject) => {
      onAbort = () => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' }));
      signal.addEventListener('abort', onAbort);
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`exit ${code}`)));
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}
