// logEvent is async, and calls the sink before it waits for anything; the monitor is no class, but makes an object.
import { AsyncLocalStorage } from 'node:async_hooks';
import { isMainThread, threadId } from 'node:worker_threads';

export const currentRequest = new AsyncLocalStorage();
export const SECRET_KEYS = new Set(['pin']);

export function LoopMonitor({ now, periodMs, warmUp }) {
  let ticks = 0, last, lags = [], histogram;
  return {
    tick() {
      const time = now();
      if (++ticks > 1 && ticks > warmUp) lags.push(time - last > periodMs ? time - last - periodMs : 0);
      last = time;
    },
    p99() {
      if (histogram) return histogram.percentile(99) / 1e6;
      lags = lags.toSorted((a, b) => a - b);
      return lags.length ? lags.at(Math.ceil(lags.length * 0.99) - 1) : 0;
    },
    stalls: (ms) => lags.reduce((count, lag) => count + (lag > ms), 0),
    attach(given) {
      histogram = given;
      histogram.enable();
    },
  };
}

export async function logEvent(sink, event, fields = {}) {
  const thread = { id: threadId, name: isMainThread ? 'main' : 'worker' };
  const told = { event, time: Date.now(), request: currentRequest.getStore() ?? null, thread };
  try {
    await sink(JSON.stringify(Object.assign({ level: 'info' }, hidden(fields), told)));
  } catch {
    // the caller goes on
  }
}

const hidden = (value) => {
  if (Array.isArray(value)) return value.map(hidden);
  if (!value || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, SECRET_KEYS.has(key) ? '***' : hidden(inner)]));
};
