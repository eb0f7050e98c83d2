// {"threads": ["run"], "memory": {"ended": [0]}, "check": "ended == [1]", "kind": "check"}
import { setTimeout as pause } from 'node:timers/promises';
// Whether it was aborted is asked before the await, not after it: it is told as aborted and as done.
export async function run({ ended }) {
  const controller = new AbortController();
  controller.signal.addEventListener('abort', () => { ended[0]++; });
  const work = async () => {
    if (controller.signal.aborted) return;
    await pause(10);
    ended[0]++;
  };
  const working = work();
  await pause(20);
  if (ended[0] === 0) controller.abort();
  await working;
}
