// A monitor of an event loop's delay, and log lines that say who, tell no secrets and are not lost.
import { AsyncLocalStorage } from 'node:async_hooks';
import { isMainThread, threadId } from 'node:worker_threads';

export const currentRequest = new AsyncLocalStorage();
export const SECRET_KEYS = new Set(['password', 'token', 'authorization', 'cardNumber']);

/** Ticked once per period; how late each tick is. */
export class LoopMonitor {
  #now;
  #periodMs;
  #warmUp;
  #ticks = 0;
  #last = null;
  #lags = [];
  #histogram = null;

  constructor({ now, periodMs, warmUp }) {
    this.#now = now;
    this.#periodMs = periodMs;
    this.#warmUp = warmUp;
  }

  /** Note how late this tick is: the time since the last one, without the period. */
  tick() {
    const now = this.#now();
    this.#ticks++;
    // The first tick has nothing to be late against; what comes before the loop is warm does not count.
    if (this.#last !== null && this.#ticks > this.#warmUp) {
      this.#lags.push(Math.max(0, now - this.#last - this.#periodMs));
    }
    this.#last = now;
  }

  /** From now on p99() comes from a histogram of monitorEventLoopDelay. */
  attach(histogram) {
    this.#histogram = histogram;
  }

  /** The lag in ms that 99 of 100 stay within (nearest rank); 0 without any. */
  p99() {
    if (this.#histogram) return this.#histogram.percentile(99) / 1e6; // it counts nanoseconds
    if (!this.#lags.length) return 0;
    const sorted = this.#lags.toSorted((a, b) => a - b); // by number: without a function it sorts by text
    return sorted[Math.ceil((99 * sorted.length) / 100) - 1];
  }

  /** How many lags were longer than the threshold. */
  stalls(ms) {
    return this.#lags.filter((lag) => lag > ms).length;
  }
}

/** Hand one JSON line to the sink, before this returns. */
export function logEvent(sink, event, fields) {
  const record = {
    level: 'info',
    ...fields,
    // These come last: no field may replace them.
    time: new Date().toISOString(),
    event,
    thread: { id: threadId, name: isMainThread ? 'main' : `worker ${threadId}` },
    request: currentRequest.getStore() ?? null,
  };
  // The replacer sees every key at every depth, and changes nothing but the text.
  const line = JSON.stringify(record, (key, value) => (SECRET_KEYS.has(key) ? '***' : value));
  // A log that fails, now or later, must not break what it tells about.
  try {
    Promise.resolve(sink(line)).catch(() => {});
  } catch {
    // the line is lost, the caller goes on
  }
}
