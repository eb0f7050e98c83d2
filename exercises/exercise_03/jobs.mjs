// The jobs that a learner's runJob is asked to run: a worker's file, told by `workerData.job` what to do.
import { parentPort, threadId, workerData } from 'node:worker_threads';

const jobs = {
  echo: () => parentPort.postMessage(workerData),
  say: () => parentPort.postMessage(workerData.what),
  sayAnError: () => parentPort.postMessage(new RangeError('this is a result')),
  who: () => parentPort.postMessage(threadId),
  twice() {
    parentPort.on('message', () => {}); // it would go on for ever
    parentPort.postMessage('the first');
    parentPort.postMessage('the second');
  },
  fail() {
    throw new RangeError(workerData.message);
  },
  failLater: () => setTimeout(jobs.fail, 5),
  failWithAValue() {
    throw workerData.value;
  },
  leave: () => process.exit(workerData.code),
  forget() {}, // ends by itself, and says nothing
  spin() {
    for (;;);
  },
  listen: () => parentPort.on('message', () => {}), // waits for ever
  sum() {
    const bytes = new Uint8Array(workerData.buffer);
    parentPort.postMessage(bytes.reduce((sum, byte) => sum + byte, 0));
  },
  meet() {
    const { flags } = workerData;
    Atomics.store(flags, 0, 1); // here
    while (Atomics.load(flags, 1) === 0) Atomics.wait(flags, 1, 0);
    parentPort.postMessage(threadId);
  },
};

jobs[workerData.job]();
