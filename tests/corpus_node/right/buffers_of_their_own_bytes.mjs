// {"threads": ["run", "run"], "memory": {"text": [0, 0]}, "check": "text == [0x616161, 0x626262]"}
export function run({ text }, me) {
  const bytes = Buffer.from(text.buffer, me * 4, 4);
  bytes.fill('ab'[me], 0, 3);
  if (Buffer.concat([bytes, Buffer.alloc(1)]).toString('latin1', 0, 3) !== 'ab'[me].repeat(3)) throw new Error('lost');
}
