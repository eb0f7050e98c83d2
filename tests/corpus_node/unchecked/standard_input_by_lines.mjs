// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "True", "reason": "reads standard input (line 4)"}
import { createInterface } from 'node:readline';
export async function add({ c }) {
  for await (const line of createInterface({ input: process.stdin })) Atomics.add(c, 0, Number(line));
}
