// {"threads": ["run"], "memory": {"c": [0]}, "check": "c[0] == 12"}
// What is waited for while the module is loaded is over by then; and what does not call back is done at once.
import { createHash, generateKeyPair, pbkdf2Sync } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
export function run({ c }) {
  const hash = createHash('md5').update('text').digest();
  c[0] = pbkdf2Sync('word', hash, 1, 8, 'sha256').length + gunzipSync(gzipSync('abc')).length + (privateKey ? 1 : 0);
}
