// verdict: unchecked
// says: asks for `(execArgv|/proc/self)`
// why: nothing secret stands on its command line, but what tells whether it is explored
import fs from 'node:fs';

console.log(process.argv.join(' '), process.execArgv.join(' '));
if (fs.existsSync('/proc/self/cmdline')) fs.writeSync(1, fs.readFileSync('/proc/self/cmdline'));

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
