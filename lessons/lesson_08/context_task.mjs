// What the pools of the experiment `context` run in their Workers: a log line, and the request it says it belongs to.
import { AsyncLocalStorage } from 'node:async_hooks';

const request = new AsyncLocalStorage(); // this Worker's own: nothing of the main thread's comes along

export default function logLine({ sentAlong } = {}) {
  return sentAlong ? request.run(sentAlong, () => request.getStore()) : (request.getStore() ?? 'none');
}
