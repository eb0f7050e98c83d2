// One place at a slow server. A request takes it, says hello, then works. Whoever asked for that may give up.
import { setTimeout as pause } from 'node:timers/promises';

export const memory = { taken: [0] };
export const threads = [['serve']];

async function request({ taken }, signal) {
  await pause(10); // on the way
  taken[0] += 1;
  await pause(10, null, { signal }); // hello
  try {
    await pause(10, null, { signal }); // work
  } finally {
    taken[0] -= 1;
  }
}

async function client(asked) {
  await pause(50); // so long it is ready to wait
  asked.abort();
}

export async function serve(server) {
  const asked = new AbortController();
  await Promise.allSettled([request(server, asked.signal), client(asked)]);
}
