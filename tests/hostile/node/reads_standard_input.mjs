// verdict: unchecked
// says: could not be explored: it reads standard input
// why: there is nothing to read, and nothing that was meant for others; but what comes there comes from outside
import fs from 'node:fs';

export function work(memory, index) {
  if (fs.readFileSync(0, 'utf8') !== '' || fs.readFileSync('/dev/stdin', 'utf8') !== '') return 7;
  Atomics.add(memory, 0, 1);
  return index;
}
