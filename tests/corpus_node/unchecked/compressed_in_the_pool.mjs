// {"threads": ["run"], "memory": {"first": [0]}, "check": "True", "reason": "it uses zlib, which ends outside its thread and cannot be put in an order (line 5)"}
import { gzip } from 'node:zlib';
export async function run({ first }) {
  let go;
  const pack = (n) => gzip('text', () => go((first[0] ||= n)));
  await new Promise((settle) => {
    go = settle;
    pack(1);
    pack(2);
  });
}
