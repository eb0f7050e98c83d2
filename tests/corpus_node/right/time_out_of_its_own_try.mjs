// {"threads": ["run"], "memory": {"got": [0]}, "check": "got == [1]"}
import { setTimeout as pause } from 'node:timers/promises';
// Each try clears its own time-out, which is generous.
export async function run({ got }) {
  const attempt = async (works) => {
    const state = { failed: false };
    const timer = setTimeout(() => { state.failed = true; }, 5_000);
    try {
      await pause(5);
      return works && !state.failed;
    } finally {
      clearTimeout(timer);
    }
  };
  if (await attempt(false) || await attempt(true)) got[0] = 1;
}
