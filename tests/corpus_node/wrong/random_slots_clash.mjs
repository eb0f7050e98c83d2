// {"threads": ["run", "run"], "memory": {"slot": [0, 0, 0, 0]}, "check": "sum(slot) == 2", "kind": "check"}
import { randomInt } from 'node:crypto';
export function run({ slot }) {
  const mine = randomInt(4);
  slot[mine] = slot[mine] + 1;
}
