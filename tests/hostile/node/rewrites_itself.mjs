// verdict: unchecked
// says: was changed while it was checked
// why: what was checked is not what stands there now
import { writeFileSync } from 'node:fs';

writeFileSync(new URL(import.meta.url), '// gone');

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
