// {"threads": ["run"], "memory": {"got": [0]}, "check": "got == [1]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
// The first try fails by itself. Its time-out is still set, and marks the second try as failed.
export async function run({ got }) {
  const state = { failed: false };
  const attempt = async (works) => {
    state.failed = false;
    setTimeout(() => { state.failed = true; }, 20);
    await pause(5);
    return works && !state.failed;
  };
  if (await attempt(false) || await attempt(true)) got[0] = 1;
}
