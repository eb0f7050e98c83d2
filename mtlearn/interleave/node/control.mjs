// The control block: what the host and the workers know together about one schedule. All of it lies in
// SharedArrayBuffers, so that the worker that holds the baton can decide who goes next without asking anybody.

export const MAX_THREADS = 12;
export const STEP_LIMIT = 20_000; // steps in one schedule
export const TEXT_BYTES = 4 << 20; // room for what a schedule says in words

// Words of the whole schedule.
export const DONE = 0; // 1: the schedule has ended, the host may look
export const ENDING = 1; // one of the endings below
export const THREADS = 2;
export const PREFIX_LENGTH = 3;
export const DECISIONS = 4; // how many decisions were made
export const STEPS = 5; // how many gates were passed: the sign of progress the watchdog looks at
export const ROWS = 6; // how many rows of the log are filled
export const SEEDED = 7; // 1: the tail is random
export const RANDOM = 8; // state of the generator
export const ABORT = 9; // 1: gates throw, so that every thread unwinds
export const ACTIVE = 10; // 1: a schedule runs; outside of one, gates are open
export const DETAIL = 11; // 1: steps are told with line and value
export const FRESH_MODULES = 12; // not 0: evaluate the modules anew under this number
export const CURRENT = 13; // who holds the baton
export const TICKETS = 14; // the last ticket given to a sleeper
export const CHANGES = 15; // how often a shared value has changed
export const SPINS = 16; // turns given to spinning threads when nobody else could go
export const TEXT_LENGTH = 17;
export const IDLE_COUNT = 18; // goes up when a worker comes home
export const JITTER = 19; // state of the generator that varies where a loop is interrupted
export const NEVER = 20; // always 0: to wait on for a while
export const PROGRAM = 21; // the number of the program that the workers are to have loaded; stays between schedules
export const STEPWISE = 22; // 1: every step is a decision, even where only one thread can go on
export const PAUSE = 23; // 1: stop where the prefix ends
export const ENABLED = 24; // who could go on there, as bits

// Words of one thread.
const FIRST = 32;
const STRIDE = 32;
export const at = (thread) => FIRST + thread * STRIDE;
export const GO = 0; // the latch a worker sleeps on
export const STATE = 1;
export const FRESH = 2; // 1: was just started or woken; its next gate was chosen already (stepwise: not begun)
export const PARKED = 3; // 1: spins; let others go first
export const TURNS = 4; // how often it was released from spinning
export const LEFT = 5; // steps it may make before it is parked again
export const TICKET = 6;
export const WAIT_BUFFER = 7;
export const WAIT_OFFSET = 8;
export const WAKER = 9; // who notified it, -1: nobody
export const PLACES = 10; // how many places its loop looks at; then pairs of (buffer, offset)
export const FIRST_PLACE = 11;
export const MAX_PLACES = 8;
export const CONTROL_WORDS = FIRST + MAX_THREADS * STRIDE;

// States of a thread.
export const IDLE = 0;
export const READY = 1;
export const ASLEEP = 2; // in Atomics.wait without a time-out
export const DOZING = 3; // in Atomics.wait with one

// Endings, by number and by name.
export const ENDINGS = [
  'running', 'finished', 'exception', 'deadlock', 'livelock', 'diverged', 'uncontrolled', 'too long', 'paused',
];
export const [, FINISHED, EXCEPTION, DEADLOCK, LIVELOCK, DIVERGED, UNCONTROLLED, TOO_LONG, PAUSED] = ENDINGS.keys();

// The log of accesses: ROW words each. Word 0 packs thread, operation, kind and length.
export const ROW = 4;
export const READS = 1;
export const WRITES = 2;
export const ATOMIC = 4;
export const OPERATIONS = [
  'read', 'write', 'load', 'store', 'add', 'sub', 'and', 'or', 'xor', 'exchange', 'compareExchange',
  'wait', 'wake', 'notify',
];
export const OPERATION = Object.fromEntries(OPERATIONS.map((name, i) => [name, i]));
export const pack = (thread, operation, kind, length) => thread | (operation << 4) | (kind << 8) | (length << 12);
export const unpack = (word) => ({
  thread: word & 15,
  operation: (word >> 4) & 15,
  kind: (word >> 8) & 15,
  length: word >>> 12,
});

export function allocate() {
  const block = (bytes) => new SharedArrayBuffer(bytes);
  return {
    control: block(4 * CONTROL_WORDS),
    tasks: block(4 * MAX_THREADS), // the system's numbers of the threads, 0 where it has none
    prefix: block(2 * STEP_LIMIT),
    decisions: block(4 * 2 * STEP_LIMIT),
    rows: block(4 * ROW * 2 * STEP_LIMIT),
    text: block(TEXT_BYTES),
  };
}
