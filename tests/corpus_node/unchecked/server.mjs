// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "outside"}
import { createServer } from 'node:net';
export async function worker() {
  const server = createServer();
  await new Promise((go) => server.listen(0, '127.0.0.1', go));
  server.close();
}
