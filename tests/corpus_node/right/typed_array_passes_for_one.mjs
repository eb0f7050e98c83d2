// {"threads": ["run"], "memory": {"words": [1, 2, 3, 4]}, "check": "words[3] == 4"}
import { randomFillSync } from 'node:crypto';
import { isInt32Array, isTypedArray } from 'node:util/types';
class Named extends Int32Array {}
export function run({ words }) {
  const named = new Named(words.buffer, 0, 2);
  const same = [isTypedArray(words), isInt32Array(named), named.map((x) => x) instanceof Named];
  randomFillSync(named);
  new TextEncoder().encodeInto('né', new Uint8Array(words.buffer, 8, 4));
  const clone = structuredClone(words);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  new Int32Array(memory.buffer, 0, 4).set(words);
  if (!same.every(Boolean) || clone[3] !== 4 || JSON.parse(JSON.stringify(words))[3] !== 4) throw new Error('no typed array');
}
