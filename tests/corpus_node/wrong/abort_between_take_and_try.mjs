// {"threads": ["run"], "memory": {"free": [1]}, "check": "free == [1]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
// The place is taken, then the request greets; aborted there, it never comes to the try.
export async function run({ free }) {
  const controller = new AbortController();
  const request = async ({ signal }) => {
    free[0]--;
    await pause(10, null, { signal });
    try {
      await pause(10, null, { signal });
    } finally {
      free[0]++;
    }
  };
  setTimeout(() => controller.abort(), 30);
  await pause(5);
  await request(controller).catch(() => {});
}
