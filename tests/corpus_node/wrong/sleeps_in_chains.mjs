// {"threads": ["run"], "memory": {"out": [0]}, "check": "out == [1]", "kind": "check"}
import { scheduler } from 'node:timers/promises';
export async function run({ out }) {
  let ready = 0;
  const produce = async () => {
    await scheduler.wait(5);
    await scheduler.wait(5);
    ready = 1;
  };
  const consume = async () => {
    await scheduler.wait(50);
    out[0] = ready;
  };
  await Promise.all([produce(), consume()]);
}
