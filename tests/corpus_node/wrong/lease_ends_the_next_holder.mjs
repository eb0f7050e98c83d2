// {"threads": ["run"], "memory": {"held": [0], "lost": [0]}, "check": "lost == [0]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
// A lease that was given back early still runs out, and takes the lock away from whoever holds it by then.
export async function run({ held, lost }) {
  const take = () => {
    held[0] = 1;
    setTimeout(() => { held[0] = 0; }, 40);
  };
  take();
  await pause(5);
  held[0] = 0;
  take();
  await pause(38);
  if (held[0] === 0) lost[0] = 1;
}
