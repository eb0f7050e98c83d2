// {"threads": ["a"], "memory": {"ok": [0]}, "check": "ok == [1]"}
import { once, EventEmitter, on } from 'node:events';
export async function a({ ok }) {
  const c = new AbortController();
  const signal = AbortSignal.any([AbortSignal.timeout(5000), c.signal]);
  const e = new EventEmitter();
  setTimeout(() => e.emit('x', 1), 5);
  const [v] = await once(e, 'x', { signal });
  setTimeout(() => c.abort(), 5);
  try {
    for await (const [w] of on(e, 'y', { signal })) ok[0] += w;
  } catch (err) {
    if (err.name === 'AbortError') ok[0] += v;
  }
}
