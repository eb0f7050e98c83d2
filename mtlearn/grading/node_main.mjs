// The subject in Node.js for exercises whose file starts its own workers: it runs in the main thread, so that
// `isMainThread` means there what its author expects. The supervisor, node_subject.mjs, runs in a Worker instead.
import { createInterface } from 'node:readline';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Evidence } from './node_evidence.mjs';
import { serve } from './node_member.mjs';

const [file, scenarios] = process.argv.splice(2);
const evidence = new Evidence(file);
const { port1: port, port2: main } = new MessageChannel();
const supervisor = new Worker(new URL('./node_subject.mjs', import.meta.url), {
  argv: [file, scenarios],
  workerData: { main },
  transferList: [main],
});
createInterface({ input: process.stdin })
  .on('line', (line) => supervisor.postMessage(line))
  .on('close', () => process.exit(0)); // the judge is gone, or has no more to ask
for (const event of ['uncaughtException', 'unhandledRejection']) {
  process.on(event, (error) => port.postMessage({ answer: { is: 'threw', raised: evidence.error(error) } }));
}
serve(port, { file, scenarios });
