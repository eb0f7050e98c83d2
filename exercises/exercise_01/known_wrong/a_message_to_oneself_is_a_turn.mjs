// belief: a message to oneself comes with the next turn of the loop
// fails: loop_turns
// says: without the loop turning

// A port hands over all messages it finds, also those that were sent meanwhile, up to a thousand in one turn.

import { MessageChannel } from 'node:worker_threads';

export async function sumInSlices(items, crunch, sliceSize) {
  if (sliceSize < 1) throw new RangeError('sliceSize must be at least 1');
  const { port1, port2 } = new MessageChannel();
  let total = 0;
  for (let start = 0; start < items.length; start += sliceSize) {
    for (const item of items.slice(start, start + sliceSize)) total += crunch(item);
    await new Promise((resolve) => {
      port2.once('message', resolve);
      port1.postMessage(null);
    });
  }
  port1.close();
  return total;
}
