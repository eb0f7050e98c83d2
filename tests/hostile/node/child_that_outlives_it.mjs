// verdict: unchecked
// says: could not be explored: it uses spawn
// why: detached, with an empty environment; and where a process is started, no order of steps can be tried
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread) {
  const child = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: {} });
  child.unref();
  writeFileSync(new URL(`${child.pid}.pid`, import.meta.url), String(child.pid));
}

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
