// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2", "kind": "check"}
export function add({ c }) {
  const own = new Int32Array(1);
  own.set(c);
  own[0]++;
  c.set(own);
}
