// {"threads": ["add", "add"], "memory": {"c": [0]}, "check": "c[0] == 2", "kind": "check"}
import { gunzipSync, gzipSync } from 'node:zlib';
export function add({ c }) {
  c[0] = gunzipSync(gzipSync(new Uint8Array(c.buffer)))[0] + 1;
}
