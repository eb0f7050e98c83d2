// verdict: fail
// says: ended the process that had started it
// why: the same, politely
import { execFileSync } from 'node:child_process';

execFileSync('kill', [String(process.ppid)]);
execFileSync('sleep', ['0.2']);

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
