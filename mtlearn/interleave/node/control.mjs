// The control block: what the host and the workers know together about one schedule. All of it lies in
// SharedArrayBuffers, so that the worker that holds the baton can decide who goes next without asking anybody.

export const MAX_THREADS = 12;
export const STEP_LIMIT = 50_000; // steps in one schedule
export const TEXT_BYTES = 24 << 20; // room for what a schedule says in words,
export const STEPS_BYTES = 20 << 20; // of which so much is for its steps

// Words of the whole schedule.
export const DONE = 0; // 1: the schedule has ended, the host may look
export const ENDING = 1; // one of the endings below
export const THREADS = 2;
export const PREFIX_LENGTH = 3;
export const DECISIONS = 4; // how many decisions were made
export const STEPS = 5; // how many yield points were passed: the sign of progress the watchdog looks at
export const ROWS = 6; // how many rows of the log are filled
export const SEEDED = 7; // 1: the tail is random
export const RANDOM = 8; // state of the generator
export const ABORT = 9; // 1: yield points throw, so that every thread unwinds
export const ACTIVE = 10; // 1: a schedule runs; outside of one, nobody stops
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
export const NOW = 25; // the clock, in milliseconds since the schedule began: it moves when somebody waits for it, or looks
export const WAITING = 27; // how many wait by Atomics.waitAsync
export const NUMBERS = 28; // the seed of the random numbers that the program draws
export const DREW = 29; // 1: it has drawn some
export const USED = 30; // the strands that there are, as bits
export const STAYED = 26; // steps and time-outs of threads that go on though nothing changes
export const BY_MOVES = 31; // 1: the prefix has a thread for each move, not for each decision
export const MOVES = 32; // how many moves were made
export const UNTOLD = 33; // 1: what this schedule hangs on is more than who moves, and what it touches

// Words of one thread.
const FIRST = 36;
const STRIDE = 32;
export const at = (thread) => FIRST + thread * STRIDE;
export const GO = 0; // the latch a worker sleeps on
export const STATE = 1;
export const FRESH = 2; // 1: was just started or woken; its next yield point was chosen already (stepwise: not begun)
export const PARKED = 3; // 1: spins; let others go first
export const TURNS = 4; // how often it was released from spinning
export const LEFT = 5; // steps it may make before it is parked again
export const TICKET = 6;
export const WAIT_BUFFER = 7;
export const WAIT_OFFSET = 8;
export const WAKER = 9; // who notified it, -1: nobody
export const LOCATIONS = 10; // how many locations its loop looks at; then pairs of (buffer, offset)
export const FIRST_LOCATION = 11;
export const MAX_LOCATIONS = 8;
export const DUE = 27; // when it times out
export const PATIENT = 28; // 1: that is a long time, which passes only when all wait
export const HANGS = 30; // 1: it waits for a promise that nothing can settle any more
export const STAYED_AT = 31; // CHANGES + 1 when it had gone on for as long as it may and nothing had changed
export const STAY = 29; // how often it may still go on while others could and nothing changes

// Words of one who waits by Atomics.waitAsync.
export const MAX_WAITERS = 16;
const WAITERS = FIRST + MAX_THREADS * STRIDE;
export const waiterAt = (waiter) => WAITERS + waiter * 6;
export const OWNER = 0; // its thread + 1, 0: nobody
export const WAITER_BUFFER = 1;
export const WAITER_OFFSET = 2;
export const WAITER_TICKET = 3;
export const WOKEN_BY = 4; // the thread + 1 that notified it, 0: nobody yet

// Words of one thread about its strands, see strands.mjs.
const STRANDS = WAITERS + MAX_WAITERS * 6;
export const strandsOf = (thread) => STRANDS + thread * 2; // that may go on, as bits
export const chosenOf = (thread) => STRANDS + thread * 2 + 1; // the one that runs, or goes on by default
export const CONTROL_WORDS = STRANDS + MAX_THREADS * 2;

// States of a thread.
export const IDLE = 0;
export const READY = 1;
export const ASLEEP = 2; // in Atomics.wait without a time-out
export const DOZING = 3; // in Atomics.wait with one, or until a timer of its own is due

export const LONG_MS = 1_000; // a time-out of so much is taken as never while anybody can go on

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
  'wait', 'wake', 'notify', 'later', 'call',
];
export const OPERATION = Object.fromEntries(OPERATIONS.map((name, i) => [name, i]));
export const SLEEPS = 8; // a kind of "wait"
export const pack = (thread, operation, kind, length) => thread | (operation << 4) | (kind << 8) | (length << 12);
export const unpack = (word) => ({
  thread: word & 15,
  operation: (word >> 4) & 15,
  kind: (word >> 8) & 15,
  length: word >>> 12,
});

// A move: who makes it, whether it was a decision, whether it cost a preemption, and the row where it begins.
export const packMove = (thread, decided, preempts, row) => thread | (decided << 4) | (preempts << 5) | (row << 6);
export const unpackMove = (word) => ({ thread: word & 15, flags: (word >> 4) & 3, row: word >>> 6 });

export function allocate() {
  const block = (bytes) => new SharedArrayBuffer(bytes);
  return {
    control: block(4 * CONTROL_WORDS),
    tasks: block(4 * MAX_THREADS), // the system's numbers of the threads, 0 where it has none
    prefix: block(2 * STEP_LIMIT),
    decisions: block(4 * 2 * STEP_LIMIT),
    moves: block(4 * STEP_LIMIT),
    rows: block(4 * ROW * 2 * STEP_LIMIT),
    text: block(TEXT_BYTES),
  };
}
