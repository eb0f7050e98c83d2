// verdict: unchecked
// says: was deleted while it was checked, and was put back as it was
// why: the learner would have lost it
import { rmSync } from 'node:fs';

rmSync(new URL(import.meta.url), { force: true });

export function work(memory, index) {
  Atomics.add(memory, 0, 1);
  return index;
}
