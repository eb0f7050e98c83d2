// {"threads": ["a"], "memory": {"ok": [0]}, "check": "ok == [1]", "kind": "check"}
import { once, EventEmitter } from 'node:events';
export async function a({ ok }) {
  const c = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(100), c.signal]);
  const e = new EventEmitter();
  await new Promise((r) => setTimeout(r, 5));
  setTimeout(() => e.emit('x', 1), 50);
  try {
    await once(e, 'x', { signal });
    ok[0] = 1;
  } catch {}
}
