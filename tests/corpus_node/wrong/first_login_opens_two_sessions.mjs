// {"threads": ["run"], "memory": {"opened": [0]}, "check": "opened == [1]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
const sessions = new Map();
async function session(user, opened) {
  if (!sessions.has(user)) {
    await pause(3);
    opened[0]++;
    sessions.set(user, opened[0]);
  }
  return sessions.get(user);
}
export async function run({ opened }) {
  sessions.clear();
  const first = session('ann', opened);
  await pause(8);
  await Promise.all([first, session('ann', opened)]);
}
