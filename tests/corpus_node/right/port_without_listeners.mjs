// {"threads": ["run"], "memory": {"heard": [0, 0]}, "check": "heard == [1, 0]"}
import { once } from 'node:events';
export async function run({ heard }) {
  const { port1, port2 } = new MessageChannel();
  const hear = () => heard[0]++;
  port1.on('message', hear).on('message', hear); // registered once
  port2.postMessage('first');
  await once(port1, 'message');
  port1.removeAllListeners('message');
  heard[1] = port1.listenerCount('message');
  port2.postMessage('nobody hears it');
}
