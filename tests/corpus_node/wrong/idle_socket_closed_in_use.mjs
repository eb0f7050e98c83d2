// {"threads": ["run"], "memory": {"answered": [0]}, "check": "answered == [2]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
// A connection that is idle is closed after a while; nobody tells that timer that it is in use again.
export async function run({ answered }) {
  const socket = { open: true };
  const ask = async () => {
    await pause(10);
    if (socket.open) answered[0]++;
  };
  await ask();
  setTimeout(() => { socket.open = false; }, 30);
  await pause(25);
  if (socket.open) await ask();
  else answered[0]++; // it would make a new one
}
