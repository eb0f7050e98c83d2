// verdict: fail
// says: had more than 16 processes at once, and was stopped
// hangs: yes
// why: more processes than any exercise asks for
import { spawn } from 'node:child_process';

export function work(memory, index) {
  for (let i = 0; i < 20; i++) spawn('sleep', ['1000']);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
  Atomics.add(memory, 0, 1);
  return index;
}
