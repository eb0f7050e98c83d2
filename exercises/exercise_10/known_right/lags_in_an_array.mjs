// The lags are kept in an array, and a percentile sorts them; what is logged is a copy without secrets.
import { AsyncLocalStorage } from 'node:async_hooks';
import { threadId } from 'node:worker_threads';

export const currentRequest = new AsyncLocalStorage();
export const SECRET_KEYS = new Set(['password', 'token', 'authorization', 'cardNumber']);

export class LoopMonitor {
  constructor({ now, periodMs, warmUp }) {
    Object.assign(this, { now, periodMs, warmUp, ticks: 0, last: null, lags: [], histogram: null });
  }

  tick() {
    const now = this.now();
    this.ticks++;
    if (this.last !== null && this.ticks > this.warmUp) this.lags.push(Math.max(0, now - this.last - this.periodMs));
    this.last = now;
  }

  attach(histogram) {
    this.histogram = histogram;
  }

  p99() {
    if (this.histogram) return this.histogram.percentile(99) / 1e6;
    const lags = [...this.lags].sort((a, b) => a - b);
    return lags[Math.ceil((99 * lags.length) / 100) - 1] ?? 0;
  }

  stalls(ms) {
    return this.lags.filter((lag) => lag > ms).length;
  }
}

export function logEvent(sink, event, fields) {
  const line = JSON.stringify({ level: 'info', ...redacted(fields), ...about(event) });
  try {
    Promise.resolve(sink(line)).catch(() => {});
  } catch {
    // the caller goes on
  }
}

function about(event) {
  const thread = { id: threadId, name: `thread ${threadId}` };
  return { time: Date.now(), event, thread, request: currentRequest.getStore() ?? null };
}

function redacted(value) {
  if (Array.isArray(value)) return value.map(redacted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, SECRET_KEYS.has(key) ? '***' : redacted(inner)]));
}
