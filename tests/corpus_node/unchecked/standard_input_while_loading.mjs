// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "True", "reason": "reads standard input (line 3)"}
let most = 0;
for await (const text of process.stdin) most += Number(text);
export function add({ c }) {
  Atomics.add(c, 0, most);
}
