// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "comes from outside it: FSReqPromise (line 5)"}
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
export async function worker({ c }) {
  c[0] = (await readFile(fileURLToPath(import.meta.url))).length;
}
