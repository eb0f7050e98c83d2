// {"threads": ["load", "mark"], "memory": {"bytes": [0], "seen": [7]}, "check": "seen[0] == 7 or bytes[0] == 7", "kind": "check"}
// What is read from a file into shared memory goes over what another thread has just written there.
import { closeSync, openSync, readSync } from 'node:fs';
export function load({ bytes }) {
  const file = openSync('/dev/zero', 'r');
  readSync(file, new Uint8Array(bytes.buffer, bytes.byteOffset, 4));
  closeSync(file);
}
export function mark({ bytes, seen }) {
  Atomics.store(bytes, 0, 7);
  Atomics.store(seen, 0, Atomics.load(bytes, 0));
}
