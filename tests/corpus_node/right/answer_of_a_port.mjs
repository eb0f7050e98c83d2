// {"threads": ["run"], "memory": {"done": [0, 0]}, "check": "done == [1, 2]"}
import { MessageChannel } from 'node:worker_threads';
export async function run({ done }) {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data }) => port2.postMessage(data + 1);
  for (let n = 0; n < 2; n++) {
    done[n] = await new Promise((go) => {
      port1.once('message', go);
      port1.postMessage(n);
    });
  }
  port1.close();
}
