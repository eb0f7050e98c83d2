// {"threads": ["run", "run"], "memory": {"text": [0]}, "check": "True", "kind": "exception"}
const encoder = new TextEncoder();
export function run({ text }, me) {
  const bytes = new Uint8Array(text.buffer);
  encoder.encodeInto('ab'[me], bytes);
  if (Buffer.from(bytes).toString('latin1', 0, 1) !== 'ab'[me]) throw new Error('somebody else has written');
}
