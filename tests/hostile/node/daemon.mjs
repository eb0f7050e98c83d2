// verdict: pass
// why: started by a shell that ends at once, with an empty environment
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const note = fileURLToPath(new URL(`${process.pid}.pid`, import.meta.url));
execFileSync('/bin/sh', ['-c', `sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >'${note}'`], { env: {}, detached: true });

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
