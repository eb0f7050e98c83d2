// verdict: pass
// why: the port must be free again afterwards
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  writeFileSync(new URL('it.port', import.meta.url), String(server.address().port));
});
await new Promise((resolve) => server.once('listening', resolve));

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
