// {"threads": ["run", "run"], "memory": {"c": [0]}, "check": "c == [2]", "kind": "check"}
export function run({ c }) {
  const bytes = Buffer.from(c.buffer);
  bytes.writeInt32LE(bytes.readInt32LE(0) + 1, 0);
}
