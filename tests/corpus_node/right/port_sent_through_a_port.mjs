// {"threads": ["run"], "memory": {"seen": [0]}, "check": "seen == [1]"}
import { MessageChannel } from 'node:worker_threads';
export async function run({ seen }) {
  const outer = new MessageChannel();
  const inner = new MessageChannel();
  outer.port2.on('message', ({ port }) => {
    port.postMessage('here');
    port.close();
    outer.port2.close();
  });
  const answer = new Promise((go) => inner.port1.once('message', go));
  outer.port1.postMessage({ port: inner.port2 }, [inner.port2]);
  if ((await answer) === 'here') seen[0] = 1;
}
