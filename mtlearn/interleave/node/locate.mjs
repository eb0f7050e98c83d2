// Where a worker stands that no longer answers: the inspector can stop a loop and a real Atomics.wait alike.
// After that the worker cannot be resumed reliably, so the process has to end.
import inspector from 'node:inspector';
import { plainFile } from './steps.mjs';

const own = new URL('.', import.meta.url).href;

/**
 * Give the frames of the stack of the worker with that thread id that are the learner's, innermost first: [file, line] pairs.
 * None where it stands in a call of the system, which cannot be interrupted.
 */
export function locate(threadId, patienceMs) {
  const session = new inspector.Session();
  session.connect();
  return new Promise((answer) => {
    const timer = setTimeout(() => answer([]), patienceMs);
    session.on('NodeWorker.attachedToWorker', ({ params }) => {
      if (!params.workerInfo.title.startsWith(`[worker ${threadId}]`)) return;
      let id = 0;
      const post = (method) =>
        session.post('NodeWorker.sendMessageToWorker', {
          sessionId: params.sessionId,
          message: JSON.stringify({ id: ++id, method }),
        });
      const urls = new Map();
      session.on('NodeWorker.receivedMessageFromWorker', ({ params: received }) => {
        if (received.sessionId !== params.sessionId) return;
        const message = JSON.parse(received.message);
        if (message.method === 'Debugger.scriptParsed') urls.set(message.params.scriptId, message.params.url);
        if (message.method !== 'Debugger.paused') return;
        clearTimeout(timer);
        answer(
          message.params.callFrames
            .map(({ url, location }) => [url || urls.get(location.scriptId) || '', location.lineNumber + 1])
            .filter(([url]) => url && !url.startsWith('node:') && !url.startsWith(own))
            .map(([url, line]) => [plainFile(url), line]),
        );
      });
      post('Debugger.enable');
      post('Debugger.pause');
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  });
}
