// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2", "kind": "check"}
import { inspect } from 'node:util';
export function add({ c }) {
  c[0] = Number(/\[ (\d+) \]/.exec(inspect(c))[1]) + 1;
}
