// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2", "kind": "check"}
export function add({ c }) {
  const own = Buffer.alloc(4);
  own.fill(new Uint8Array(c.buffer));
  c[0] = own[0] + 1;
}
