// {"threads": ["run"], "memory": {"free": [1]}, "check": "free == [1]"}
import { setTimeout as pause } from 'node:timers/promises';
export async function run({ free }) {
  const controller = new AbortController();
  const request = async ({ signal }) => {
    free[0]--;
    try {
      await pause(10, null, { signal });
      await pause(10, null, { signal });
    } finally {
      free[0]++;
    }
  };
  setTimeout(() => controller.abort(), 30);
  await pause(5);
  await request(controller).catch(() => {});
}
