// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2"}
// It looks at standard input, and reads nothing of it.
export function add({ c }) {
  process.stdin.setEncoding('utf8');
  Atomics.add(c, 0, process.stdin.isTTY && process.stdin.fd < 0 ? 2 : 1);
}
