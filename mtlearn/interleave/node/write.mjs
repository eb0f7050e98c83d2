// Writing to a pipe that Node may have made non-blocking: a full one is waited for, and nothing is lost.
import { writeSync } from 'node:fs';

const never = new Int32Array(new SharedArrayBuffer(4));
const { wait } = Atomics;

export function writeAll(fd, text) {
  const bytes = Buffer.from(text);
  for (let sent = 0; sent < bytes.length; ) {
    try {
      sent += writeSync(fd, bytes, sent);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      wait(never, 0, 0, 1); // a millisecond
    }
  }
}
