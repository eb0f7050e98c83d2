// verdict: fail
// says: printed more than .* It began with: again
// why: a line that never ends
import { writeSync } from 'node:fs';

for (;;) writeSync(1, 'again'.repeat(10_000));
