// Two requests on one thread need a token: one now, one a little later. Whoever finds none fetches it.
import { setTimeout as pause } from 'node:timers/promises';

export const memory = { token: [0], fetches: [0] };
export const threads = [['serve']];

async function request({ token, fetches }) {
  if (token[0] === 0) {
    fetches[0] += 1;
    await pause(10); // the answer comes
    token[0] = 7;
  }
  return token[0];
}

async function later(server) {
  await pause(50);
  return request(server);
}

export async function serve(server) {
  await Promise.all([request(server), later(server)]);
}
