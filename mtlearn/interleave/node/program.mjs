// One explored program: some functions of the script as threads, and their memory. It runs one schedule at a time
// on the control block that the host shares with its workers, and says what came of it.
import * as c from './control.mjs';
import { Footprints } from './footprints.mjs';
import { locate } from './locate.mjs';
import { MAX_PERIOD } from './loop.mjs';
import { removeMade } from './made.mjs';
import { Races } from './races.mjs';
import { choose, wakeThread } from './scheduler.mjs';
import { awaitEnd } from './watch.mjs';

const UNWIND_MS = 250; // CPU time for threads to unwind after a schedule that failed
const LONG_TOLD = 40; // a trace longer than that tells a loop once
const FEWEST_ROUNDS = 4;
const NOTE = 8; // where a step has its note, see steps.mjs
const TOLD_STEPS = 240; // a trace longer than that is cut in the middle

export class Program {
  constructor(host, { threads, memory, fresh, stepwise, tells }) {
    this.host = host;
    this.C = new Int32Array(host.blocks.control);
    this.prefix = new Uint8Array(host.blocks.prefix);
    this.decisions = new Int32Array(host.blocks.decisions);
    this.moves = new Int32Array(host.blocks.moves);
    this.rows = new Int32Array(host.blocks.rows);
    this.text = new Uint8Array(host.blocks.text);
    this.threads = threads; // [name of the function, its arguments] of each
    this.names = Object.keys(memory);
    this.initial = Object.values(memory).map((words) => Int32Array.from(words));
    this.buffers = this.initial.map((words) => new SharedArrayBuffer(words.byteLength));
    this.memory = this.buffers.map((buffer) => new Int32Array(buffer));
    this.fresh = fresh;
    this.stepwise = stepwise;
    this.mayTell = tells && !stepwise;
    this.patience = { ...host.patience, tasks: new Int32Array(host.blocks.tasks).subarray(0, threads.length) };
    this.uncontrolled = null; // why it cannot be explored, when loading it has shown that
    this.observed = new Map(); // observation as JSON → its number
    this.footprints = new Footprints();
    this.races = new Races(threads.length);
  }

  /** Run plans up to the first that fails; the rest is seldom wanted, and asked for again if so. */
  async batch(plans, first) {
    const known = this.observed.size;
    const touched = this.footprints.known.size;
    const runs = [];
    let gone = false;
    for (const [i, [schedule, seed, detail, pause, numbers, byMoves]] of plans.entries()) {
      const run = this.uncontrolled
        ? { ending: 'uncontrolled', reason: this.uncontrolled, decisions: [] }
        : await this.run(schedule, { seed, detail, pause, numbers, byMoves });
      const finished = run.ending === 'finished';
      if (finished && !detail && this.races.wants(first + i, this.C[c.ROWS])) await this.findRaces(run, numbers);
      if (run.steps) run.steps = cut(run.steps, this.stepwise);
      runs.push(!finished || detail || run.races ? run : [run.decisions, run.observation, run.drew, run.moves]);
      gone = run.hung ?? false;
      if (!finished && run.ending !== 'truncated') break;
    }
    const observed = [...this.observed.keys()].slice(known);
    return { runs, observed, touched: this.footprints.since(touched), gone };
  }

  async run(schedule, { seed = null, detail = false, pause = false, numbers = 0, byMoves = false }) {
    const { C } = this;
    this.memory.forEach((words, i) => words.set(this.initial[i]));
    for (let word = 0; word < c.NEVER; word++) if (word !== c.IDLE_COUNT) C[word] = 0;
    C[c.NOW] = C[c.STAYED] = C[c.WAITING] = C[c.DREW] = C[c.MOVES] = C[c.UNTOLD] = 0;
    C[c.BY_MOVES] = byMoves ? 1 : 0;
    C[c.NUMBERS] = numbers;
    C.fill(0, c.waiterAt(0));
    for (let t = 0; t < this.threads.length; t++) {
      const b = c.at(t);
      C.fill(0, b + c.STATE, c.at(t + 1)); // all but the latch: its thread may sleep on it
      C[b + c.STATE] = c.READY;
      C[b + c.FRESH] = 1;
      C[b + c.WAIT_BUFFER] = -1;
    }
    C[c.THREADS] = this.threads.length;
    C[c.USED] = (1 << this.threads.length) - 1;
    for (let t = 0; t < this.threads.length; t++) {
      C[c.strandsOf(t)] = 1 << t;
      C[c.chosenOf(t)] = t;
    }
    C[c.PREFIX_LENGTH] = schedule.length;
    for (let i = 0; i < schedule.length; i++) this.prefix[i] = schedule[i];
    C[c.SEEDED] = seed === null ? 0 : 1;
    C[c.RANDOM] = Math.imul((seed ?? 0) + 1, 0x9e3779b1) | 1;
    C[c.JITTER] = 1;
    C[c.DETAIL] = detail ? 1 : 0;
    C[c.STEPWISE] = this.stepwise ? 1 : 0;
    C[c.PAUSE] = pause ? 1 : 0;
    C[c.FRESH_MODULES] = detail || this.fresh ? this.host.nextEvaluation() : 0;
    C[c.ACTIVE] = 1;
    const firstThread = choose();
    if (firstThread >= 0) wakeThread(firstThread);
    const stuck = awaitEnd(C, c.DONE, 0, () => C[c.STEPS], this.patience);
    if (stuck) return this.stuckRun(stuck, detail);
    C[c.ACTIVE] = C[c.ENDING] === c.FINISHED ? 0 : 1; // yield points throw while threads unwind
    const run = this.outcome(detail);
    if (C[c.ENDING] !== c.FINISHED && !this.unwind()) run.hung = true;
    C[c.ACTIVE] = 0;
    return run;
  }

  /** Let every thread that has not ended give up; false when one of them cannot be stopped. */
  unwind() {
    const { C } = this;
    C[c.ABORT] = 1;
    const count = C[c.IDLE_COUNT];
    let homeless = 0;
    for (let t = 0; t < this.threads.length; t++) {
      if (C[c.at(t) + c.STATE] === c.IDLE) continue;
      homeless++;
      wakeThread(t);
    }
    const patience = { ...this.patience, busyMs: UNWIND_MS };
    for (let home; (home = Atomics.load(C, c.IDLE_COUNT)) < count + homeless; )
      if (awaitEnd(C, c.IDLE_COUNT, home, () => C[c.IDLE_COUNT], patience)) return false;
    C[c.ABORT] = 0;
    return true;
  }

  /** A thread hangs; only in detail it is asked where, which may take a while. */
  async stuckRun(how, detail) {
    const thread = this.C[c.CURRENT];
    const frames = detail ? await locate(this.host.threadIds[thread], how === 'busy' ? 1_000 : 200) : [];
    const ending = how === 'busy' ? 'busy loop' : 'blocked';
    return { ...this.outcome(detail), ending, thread, frames, hung: true };
  }

  /** Does this schedule hang on nothing but who moves, and what the moves touch? */
  get tells() {
    const { C } = this;
    return this.mayTell && !C[c.UNTOLD] && !C[c.SEEDED] && !C[c.DETAIL];
  }

  outcome(detail) {
    const { C } = this;
    const said = this.said();
    removeMade(said.files);
    const run = {
      ending: c.ENDINGS[C[c.ENDING]],
      decisions: Array.from(this.decisions.subarray(0, C[c.DECISIONS])),
      drew: C[c.DREW],
      thrown: said.thrown,
      reason: said.uncontrolled,
    };
    if (run.ending === 'too long') {
      run.ending = this.goesRound() ? 'livelock' : 'truncated';
      run.leftOut = [`what comes after ${c.STEP_LIMIT.toLocaleString('en')} steps of a run`];
    }
    if (run.ending === 'finished') {
      run.observation = this.observe(said.returns);
      if (this.tells) run.moves = this.footprints.of(this.moves, C[c.MOVES], this.rows, C[c.ROWS]);
    }
    if (detail) {
      run.steps = said.steps;
      if (this.stepwise) run.strands = 32 - Math.clz32(C[c.USED]);
      run.state = this.memory.map((words) => Array.from(words));
      run.left = this.threads.map((_, t) => this.standing(t, said)).filter(Boolean);
      if (run.ending === 'paused') {
        run.enabled = C[c.ENABLED];
        run.next = said.next.filter((_, t) => t >= this.threads.length || C[c.at(t) + c.STATE] !== c.IDLE);
        run.awaits = said.awaits.flatMap((open) => open);
      }
    }
    return run;
  }

  /** What the threads have told about this schedule. */
  said() {
    const returns = this.threads.map(() => null);
    const steps = [];
    const next = [];
    const hangs = [];
    const awaits = [];
    const files = [];
    let thrown;
    let uncontrolled;
    const length = this.C[c.TEXT_LENGTH];
    if (length) {
      const lines = Buffer.from(this.text.slice(0, length)).toString().trimEnd().split('\n');
      for (const line of lines) {
        const value = JSON.parse(line);
        if (value.returned) returns[value.returned[0]] = value.returned[1];
        else if (value.step) {
          steps.push(value.step);
          delete next[value.step[0]];
        } else if (value.awaits) awaits[value.awaits[0]] = value.awaits[1];
        else if (value.next) next[value.next[0]] = value.next;
        else if (value.hangs) hangs[value.hangs[0]] = value.hangs[1];
        else if (value.file) files.push(value.file);
        else if (value.thrown) thrown = value.thrown;
        else uncontrolled ??= value.uncontrolled;
      }
    }
    return { returns, steps, next, hangs, awaits, files, thrown, uncontrolled };
  }

  observe(returns) {
    const memory = Object.fromEntries(this.names.map((name, i) => [name, Array.from(this.memory[i])]));
    const key = JSON.stringify({ memory, returns });
    let number = this.observed.get(key);
    if (number === undefined) this.observed.set(key, (number = this.observed.size));
    return number;
  }

  /**
   * Where a thread stands that has not ended: [thread, "sleeps" or "spins" or "hangs" or "waits", its last step, where
   * it awaits what hangs].
   */
  standing(thread, { steps, hangs }) {
    const { C } = this;
    const b = c.at(thread);
    if (C[b + c.STATE] === c.IDLE) return null;
    const last = steps.findLast((step) => step[0] === thread) ?? null;
    const sleeps = C[b + c.STATE] === c.ASLEEP || C[b + c.STATE] === c.DOZING;
    if (C[b + c.HANGS]) return [thread, 'hangs', last, hangs[thread] ?? null];
    const spins = C[c.ENDING] === c.LIVELOCK || C[c.ENDING] === c.TOO_LONG || C[b + c.PARKED];
    return [thread, sleeps ? 'sleeps' : spins ? 'spins' : 'waits', last];
  }

  /** Do the last steps of a run that is too long repeat themselves, values included? */
  goesRound() {
    const { rows } = this;
    const end = this.C[c.ROWS];
    const different = new Set();
    for (let row = Math.max(0, end - 2_000); row < end; row++)
      different.add(rows.subarray(row * c.ROW, row * c.ROW + c.ROW).join());
    return different.size <= 64;
  }

  /** Look for races in the log of the run that has just ended; the same run in detail tells their lines. */
  async findRaces(run, numbers) {
    const found = this.races.find(this.rows, this.C[c.ROWS]);
    if (found.length === 0) return;
    const { steps } = await this.run(run.decisions.map((decision) => decision & 15), { detail: true, numbers });
    const told = new Map(steps.map((step) => [step.at(-1), step]));
    const pairs = found.map(([one, other]) => [told.get(one), told.get(other)]);
    run.races = pairs.filter(([one, other]) => one && other);
  }
}

const same = (one, other) => one.every((value, i) => i === one.length - 1 || String(value) === String(other[i])); // but for the row

/** How often the `period` steps from `at` on are repeated. */
function repeats(steps, at, period) {
  let end = at + period;
  while (end < steps.length && same(steps[end], steps[end - period])) end++;
  return Math.floor((end - at) / period);
}

/** Tell the first rounds of a loop in which nothing changes, and how many there were. */
function folded(steps) {
  const told = [];
  for (let at = 0; at < steps.length; ) {
    let [period, times] = [1, 1];
    for (let p = 1; p <= MAX_PERIOD; p++) {
      const found = repeats(steps, at, p);
      if (found >= FEWEST_ROUNDS && found * p > times * period) [period, times] = [p, found];
    }
    const round = steps.slice(at + period, at + 2 * period); // the second stands for all that follow
    const last = round.findLastIndex((step) => typeof (step[NOTE] ?? '') === 'string');
    if (times > 2 && last >= 0) {
      const note = [round[last][NOTE], `and so on, ${times.toLocaleString('en')} times`].filter(Boolean).join('; ');
      told.push(...steps.slice(at, at + period), ...round.with(last, round[last].with(NOTE, note)));
    } else told.push(...steps.slice(at, at + times * period));
    at += times * period;
  }
  return told;
}

function cut(all, stepwise) {
  const steps = all.length > LONG_TOLD && !stepwise ? folded(all) : all;
  const half = TOLD_STEPS / 2;
  return steps.length > TOLD_STEPS ? [...steps.slice(0, half), ...steps.slice(-half)] : steps;
}
