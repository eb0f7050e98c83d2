// {"threads": ["run"], "memory": {"held": [0], "lost": [0]}, "check": "lost == [0]"}
import { setTimeout as pause } from 'node:timers/promises';
// The lease that runs out ends only the hold that it was given for.
export async function run({ held, lost }) {
  let number = 0;
  const take = (ms) => {
    const mine = ++number;
    held[0] = mine;
    setTimeout(() => { if (held[0] === mine) held[0] = 0; }, ms);
  };
  take(40);
  await pause(5);
  held[0] = 0;
  take(60_000);
  await pause(38);
  if (held[0] === 0) lost[0] = 1;
  held[0] = 0;
}
