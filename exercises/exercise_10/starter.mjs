// Exercise 10: watch an event loop, and log what happens. README.md says what it must do.
import { AsyncLocalStorage } from 'node:async_hooks';

export const currentRequest = new AsyncLocalStorage(); // its store is the id of the request that is served
export const SECRET_KEYS = new Set(['password', 'token', 'authorization', 'cardNumber']);

/** Ticked once per period; how late the ticks are. */
export class LoopMonitor {
  constructor({ now, periodMs, warmUp }) {
    throw new Error('not written yet: LoopMonitor', { cause: 'unwritten' });
  }

  /** Read the clock, and note how late this tick is. */
  tick() {}

  /** From now on p99() comes from this histogram of monitorEventLoopDelay. */
  attach(histogram) {}

  /** Give the lag in ms that 99 of 100 stay within. */
  p99() {}

  /** Give how many lags were longer than the threshold. */
  stalls(ms) {}
}

/** Hand one JSON line to the sink, before this returns. */
export function logEvent(sink, event, fields) {
  throw new Error('not written yet: logEvent', { cause: 'unwritten' });
}
