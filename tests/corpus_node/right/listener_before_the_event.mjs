// {"threads": ["a"], "memory": {"n": [0]}, "check": "n == [1]"}
import { EventEmitter, once } from 'node:events';
class Server extends EventEmitter {
  listen() {
    setTimeout(() => this.emit('ready'), 5);
  }
}
const config = () => new Promise((r) => setTimeout(r, 3));
export async function a({ n }) {
  const s = new Server();
  const ready = once(s, 'ready');
  s.listen();
  await config();
  await ready;
  n[0] = 1;
}
