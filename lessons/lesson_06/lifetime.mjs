// Whose memory is it after a message, and after a worker's end?
//
//     node lessons/lesson_06/lifetime.mjs
//
// A buffer in the transfer list changes its owner. Small Buffers lie together in one pool of Node's own, which
// cannot change its owner: the others in it would lose theirs.
import { once } from 'node:events';
import { isMainThread, MessageChannel, parentPort, receiveMessageOnPort, threadId, Worker, workerData } from 'node:worker_threads';
import { lane, params, row } from '../reporter.mjs';

/** Try to hand a buffer over, and look what is left of it here. */
function handOver(variant, bytes) {
  const { port1, port2 } = new MessageChannel();
  const of = bytes.buffer.byteLength;
  // region hand a buffer over
  let refused = null;
  try {
    port1.postMessage(bytes, [bytes.buffer]); // <-
  } catch (error) {
    refused = error.name;
  }
  const message = receiveMessageOnPort(port2);
  port1.close();
  const moved = bytes.buffer.byteLength === 0;
  // endregion
  const happened = refused ? `${refused}: nothing was sent` : moved ? 'moved' : 'copied, the whole pool with it';
  row({ variant, bytes: bytes.length || message.message.length, of, arrived: message?.message.buffer.byteLength ?? 0,
    happened, moved });
}

/** A worker writes into a block and is ended; what is left of the block? */
async function endsWithIt(variant) {
  const block = new SharedArrayBuffer(5);
  const worker = new Worker(new URL(import.meta.url), { workerData: { block } });
  lane(worker.threadId, 'worker');
  await once(worker, 'message');
  await worker.terminate();
  const there = new Uint8Array(block)[0] === 7;
  row({ variant, bytes: 5, of: 5, happened: there ? 'the block is still there' : 'the block is gone', there });
}

if (isMainThread) {
  params({});
  lane(threadId, 'main');
  handOver('Buffer.alloc(5)', Buffer.alloc(5));
  handOver("Buffer.from('hello')", Buffer.from('hello'));
  handOver('Buffer.allocUnsafe(5)', Buffer.allocUnsafe(5));
  handOver('new Uint8Array(5)', new Uint8Array(5));
  await endsWithIt('shared, its worker ended');
} else {
  new Uint8Array(workerData.block)[0] = 7;
  parentPort.postMessage('written');
  setInterval(() => {}, 1_000); // it would go on
}
