// {"threads": ["run"], "memory": {"out": [0]}, "check": "out == [1]"}
import { scheduler } from 'node:timers/promises';
export async function run({ out }) {
  const work = async () => {
    await scheduler.wait(5);
    await scheduler.wait(50);
    return 1;
  };
  const stop = new AbortController();
  const late = scheduler.wait(10_000, { signal: stop.signal }).then(() => 2, () => 3);
  out[0] = await Promise.race([work(), late]);
  stop.abort();
}
