// verdict: fail
// says: EFBIG
// why: a file that would fill the disk
import fs from 'node:fs';

export function work(memory, index) {
  fs.writeFileSync(new URL('large.bin', import.meta.url), Buffer.alloc(20_000_000));
  Atomics.add(memory, 0, 1);
  return index;
}
