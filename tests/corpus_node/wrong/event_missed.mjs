// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]", "kind": "deadlock"}
import { EventEmitter, once } from 'node:events';
export async function run({ done }) {
  const bus = new EventEmitter();
  bus.emit('ready');
  await once(bus, 'ready');
  done[0] = 1;
}
