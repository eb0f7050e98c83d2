// What is done with a learner's LoopMonitor and logEvent: a clock that is set by hand, sinks, programs that end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect, isDeepStrictEqual } from 'node:util';
import { threadId } from 'node:worker_threads';
import * as exercise from 'exercise';
import { pass } from 'stateful';

export const NAMES = ['LoopMonitor', 'logEvent', 'currentRequest', 'SECRET_KEYS'];

const oneThread = (...thread) => ({ memory: {}, threads: [thread] });

export const scenarios = {
  // ticks at these times
  watching: (params) => oneThread('watch', params),
  // p99() with a histogram that nobody but the scenario writes to
  attaching: (params) => oneThread('attach', params),
  // p99() with the real histogram, after a block of so many ms
  blocking: ({ ms }) => oneThread('block', ms),
  // for each [event, fields] the lines
  logging: ({ calls }) => oneThread('logAll', calls),
  // each thread logs a line
  naming: ({ threads }) => ({ memory: {}, threads: Array.from({ length: threads }, () => ['name']) }),
  // several requests at once
  serving: ({ requests, lines }) => oneThread('serve', requests, lines),
  hiding: () => oneThread('hide'),
  failing: () => oneThread('fail'),
  ending: ({ ends, lines }) => oneThread('endAll', ends, lines),
};

// ---- the monitor

/** A number as evidence, anything else as text. */
const told = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : inspect(value));

/** A monitor on a clock that shows the time it is set to, and counts how often somebody looks. */
function makeMonitor(period, warmUp) {
  const clock = { now: 0, reads: 0 };
  const now = () => {
    clock.reads++;
    return clock.now;
  };
  return { clock, monitor: new exercise.LoopMonitor({ now, periodMs: period, warmUp }) };
}

function tickAt({ clock, monitor }, times) {
  for (const now of times) {
    clock.now = now;
    monitor.tick();
  }
}

/**
 * How often the clock was read by then (first: after the constructor), what p99() gives after so many ticks (`ask`)
 * and at the end, and what stalls() gives for these thresholds.
 */
export function watch(memory, thread, { period, warm_up: warmUp, times, ask = [], thresholds = [] }) {
  const both = makeMonitor(period, warmUp), { clock, monitor } = both;
  const reads = [clock.reads], asked = [];
  times.forEach((now, index) => {
    tickAt(both, [now]);
    reads.push(clock.reads);
    if (ask.includes(index + 1)) asked.push(told(monitor.p99()));
  });
  return { reads, asked, p99: told(monitor.p99()), stalls: thresholds.map((threshold) => told(monitor.stalls(threshold))) };
}

/** p99() before a histogram is attached, after that, and after more was recorded in it; and what the histogram says. */
export function attach(memory, thread, { period, times, first, second, threshold }) {
  const both = makeMonitor(period, 0), { monitor } = both;
  const histogram = Object.assign(createHistogram(), { enable: () => true, disable: () => true }); // as the real one has
  const answers = [], record = (values) => values.forEach((ms) => histogram.record(Math.round(ms * 1e6)));
  const answer = (want) => answers.push({ gave: told(monitor.p99()), want });
  tickAt(both, times.slice(0, -1));
  record(first);
  monitor.attach(histogram);
  answer(histogram.percentile(99) / 1e6);
  record(second);
  answer(histogram.percentile(99) / 1e6);
  tickAt(both, times.slice(-1));
  answer(histogram.percentile(99) / 1e6);
  return { answers, stalls: told(monitor.stalls(threshold)) };
}

export async function block(memory, thread, ms) {
  const { monitor } = makeMonitor(10, 0), delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  monitor.attach(delay);
  await sleep(30);
  const until = performance.now() + ms;
  while (performance.now() < until);
  await sleep(20);
  delay.disable();
  return { gave: told(monitor.p99()), want: delay.percentile(99) / 1e6 };
}

// ---- lines

/** A sink that keeps what it is handed. */
function makeSink() {
  const lines = [];
  const sink = (line) => void lines.push(typeof line === 'string' ? line : `no text, but ${inspect(line)}`);
  return { lines, sink };
}

/** The lines that the sink had when logEvent returned. */
function log(event, fields) {
  const { lines, sink } = makeSink();
  const returned = exercise.logEvent(sink, event, fields);
  const atReturn = [...lines];
  Promise.resolve(returned).catch(() => {}); // that it broke shows in the lines
  return atReturn;
}

export const logAll = (memory, thread, calls) => calls.map(([event, fields]) => log(event, fields));

export const name = () => ({ lines: log('hello', {}), ids: [threadId] });

/** Each request logs a line, lets the others go on, and so on. */
export function serve(memory, thread, requests, lines) {
  const serveOne = async (request) => {
    const seen = [];
    for (let line = 0; line < lines; line++) {
      seen.push(...log('step', { of: request }));
      await (line % 2 ? null : nextTurn());
    }
    return seen;
  };
  return Promise.all(requests.map((request) => exercise.currentRequest.run(request, () => serveOne(request))));
}

export function hide() {
  const keys = [...exercise.SECRET_KEYS].filter((key) => typeof key === 'string').sort();
  if (!keys.length) return { keys };
  const fields = secrets(keys), given = structuredClone(fields);
  const lines = log('signed in', fields);
  const unchanged = isDeepStrictEqual(fields, given);
  return { keys, lines, given, unchanged, moments: touched(keys), frozen: frozen(keys) };
}

/** Moments at which the fields are not what they were, seen by properties that tell when one of them is written or read. */
function touched(keys) {
  const moments = [], all = [], sizes = new Map();
  const intact = () =>
    all.every(([object, key, get]) => Object.getOwnPropertyDescriptor(object, key)?.get === get) &&
    [...sizes].every(([object, size]) => Object.isExtensible(object) && Reflect.ownKeys(object).length === size);
  const look = (when) => intact() || moments.push(when);
  const guard = (object, key, get) => {
    const set = function () {
      if (this === object) moments.push(`when \`${key}\` was written`); // a copy may have the same setter
    };
    all.push([object, key, get]);
    Object.defineProperty(object, key, { get, set, enumerable: true, configurable: true });
  };
  const guarded = (object) => {
    for (const key of keys) guard(object, key, () => 'swordfish');
    guard(object, 'witness', () => look('when the field behind the secrets was read') && true);
    sizes.set(object, Reflect.ownKeys(object).length);
    return object;
  };
  const fields = guarded({ user: guarded({}), list: [guarded({})] });
  try {
    exercise.logEvent(() => { look('when the sink was called'); }, 'signed in', fields);
  } catch {
    // whoever cannot log such fields shows it in other calls
  }
  return moments.slice(0, 1);
}

/** What becomes of fields that nobody can write to. */
function frozen(keys) {
  const freeze = (value) => {
    if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze);
    return value;
  };
  try {
    return { lines: log('signed in', freeze(secrets(keys))) };
  } catch (error) {
    return { raised: String(error) };
  }
}

/** Each secret key somewhere, and names and values that only look like one. */
function secrets(keys) {
  const key = keys[0], other = keys.at(-1);
  return {
    ...Object.fromEntries(keys.map((each, number) => [each, `swordfish ${number}`])),
    user: { name: 'Ada', [key]: 'swordfish in an object', address: { [other]: { deep: 'swordfish below' } } },
    cards: [{ kind: 'gold', [other]: 4711 }, [{ [key]: ['swordfish in arrays'] }], 'paper'],
    empty: [{ [key]: null }, { [key]: '' }, { [other]: 0 }, { [key]: {} }],
    deep: { a: { b: { c: { d: [{ e: { [key]: 'swordfish at the bottom', f: true } }] } } } },
    innocent: { [`${key}_hint`]: 'kept', [`my${key}`]: 'kept', kind: key, list: [key] },
    'other keys': [{ [key.toUpperCase()]: 'kept', [`${key} `]: 'kept' }, { [capital(other)]: 'kept' }],
  };
}

const capital = (key) => key[0].toUpperCase() + key.slice(1);

/** Sinks that fail: what logEvent did about it, how often the sink was called, and the line of the next call. */
export async function fail() {
  const outcomes = [], unhandled = [];
  const note = (reason) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  for (const [how, sink] of Object.entries(FAILING)) {
    let calls = 0;
    const outcome = { sink: how };
    const counting = (line) => {
      calls++;
      return sink(line);
    };
    try {
      const returned = exercise.logEvent(counting, 'hello', {});
      await nextTurn();
      await nextTurn();
      if (unhandled.length) outcome.raised = `an unhandled rejection: ${unhandled.splice(0)[0]}`;
      await returned;
      outcome.next = log('next', {});
    } catch (error) {
      pass(error);
      outcome.raised ??= String(error);
    }
    outcomes.push({ ...outcome, calls });
  }
  process.off('unhandledRejection', note);
  return outcomes;
}

const FAILING = {
  "throws an Error": () => { throw new Error('disk full'); },
  "throws a text": () => { throw 'disk full'; },
  "rejects": async () => { throw new Error('log server is down'); },
  "rejects a turn later": async () => {
    await nextTurn();
    throw new Error('log server is down');
  },
};

// ---- the end of a program

export async function endAll(memory, thread, ends, lines) {
  log('hello', {});
  const file = fileURLToPath(new URL('./jobs.mjs', import.meta.url));
  return Promise.all(ends.map((end) => outcome(spawn(process.execPath, [file, end, lines], { stdio: ['ignore', 'pipe', 'ignore'] }))));
}

async function outcome(program) {
  let written = '', ended = true;
  program.stdout.on('data', (data) => { written += data; });
  const timer = setTimeout(() => {
    ended = false;
    program.kill('SIGKILL');
  }, 3000);
  await once(program, 'close');
  clearTimeout(timer);
  return { ended, lines: written.split('\n').filter(Boolean) };
}
