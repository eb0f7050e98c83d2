// The subject in Node.js: runs scenarios on the learner's file in real Workers, answers with data.
//
// Started by `mtlearn.grading.subject` as `node node_subject.mjs FILE SCENARIOS`. Commands come as JSON lines on
// standard input, the first line being a nonce; evidence goes, one JSON line behind the nonce, to standard output; what
// the learner's code prints goes to standard error. This thread only supervises and never imports the learner's file.
// Where that file belongs in the main thread, node_main.mjs starts this one as a Worker.
import { spawnSync } from 'node:child_process';
import { Session } from 'node:inspector';
import { createInterface } from 'node:readline';
import { writeSync } from 'node:fs';
import { isMainThread, MessageChannel, parentPort, receiveMessageOnPort, Worker, workerData } from 'node:worker_threads';
import { writeAll } from '../interleave/node/write.mjs';
import { Evidence } from './node_evidence.mjs';
import { Starvation } from './node_starvation.mjs';

const TICK_MS = 50; // patience is counted in ticks, as far as the file had a processor for it
const MOST_TICKS = 160; // that may be added to what a scenario may take while what it shares changes
const MOST_WORDS = 64; // of each shared array, that are looked at for that
const PAUSE_TICKS = 20; // what the debugger gets, to halt every thread
const AGAIN_TICKS = 10; // what is run once more gets, to come to where it awaits
const CUT_OFF = 97; // the exit code when the pipes to the judge were closed
const [file, scenarios] = process.argv.slice(2);
const parent = process.ppid;
const evidence = new Evidence(file);
let begun = false; // whether the threads of a scenario have been let go
let again = false; // whether what hung is run once more, to see what awaits

/** One thread with the learner's file in it; `answer` settles when it answers, or ends without an answer. */
class Member {
  constructor(index, port, id) {
    this.name = `Thread ${String.fromCharCode(65 + index)}`;
    this.index = index;
    this.port = port;
    this.id = id;
    this.alive = true;
    this.asked = 0;
    port.on('message', ({ id = this.asked, answer }) => {
      if (id === this.asked) this.settle?.(answer);
    });
  }

  static worker(index) {
    const { port1, port2: port } = new MessageChannel();
    const worker = new Worker(new URL('./node_member.mjs', import.meta.url), {
      workerData: { file, scenarios, port, notesAwaits: again },
      transferList: [port],
      stdout: true,
      stderr: true,
    });
    const member = new Member(index, port1, worker.threadId);
    for (const stream of [worker.stdout, worker.stderr]) stream.on('data', print);
    let failed = null;
    worker.on('error', (error) => { failed = { is: 'threw', raised: evidence.error(error) }; });
    worker.on('exit', (code) => {
      member.alive = false;
      failed = receiveMessageOnPort(port1)?.message.answer ?? failed; // its last words
      member.settle?.(failed ?? { is: 'exited', code });
    });
    return member;
  }

  ask(message) {
    this.answer = null;
    return new Promise((resolve) => {
      this.settle = (answer) => {
        this.answer = answer;
        resolve(answer);
      };
      if (this.alive) this.port.postMessage({ id: ++this.asked, command: message });
      else this.settle({ is: 'exited', code: 0 });
    });
  }

  told() {
    return { name: this.name, id: this.id, raised: this.answer?.raised ?? null };
  }
}

const crew = isMainThread ? [] : [new Member(0, workerData.main, 0)]; // 0 is the main thread's id

/** The members with these numbers, new ones for those that have ended. */
function members(count) {
  for (let index = 0; index < count; index++) if (!crew[index]?.alive) crew[index] = Member.worker(index);
  return crew.slice(0, count);
}

/** The first answer that is not the good one. */
async function loaded(crew) {
  const answers = await Promise.all(crew.map((member) => member.ask({ do: 'load' })));
  return answers.find((answer) => answer.is !== 'loaded') ?? answers[0];
}

async function load() {
  const answer = await loaded(members(1));
  if (answer.raised?.type === 'SyntaxError' && !answer.raised.line) Object.assign(answer.raised, syntaxErrorPlace());
  return answer;
}

/** Only `node --check` tells on which line of a module a syntax error is. */
function syntaxErrorPlace() {
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 5000 });
  const line = Number(stderr?.match(/^(?:file:\/\/)?\/?.*?:(\d+)\r?$/m)?.[1]);
  return line ? evidence.lineOf(line, '') : {};
}

/** A scenario as plain data: its memory and its threads. */
async function describe(name, params) {
  const first = await loaded(members(1));
  return first.is === 'loaded' ? crew[0].ask({ do: 'describe', scenario: name, params }) : first;
}

async function run(name, params) {
  const described = await describe(name, params);
  if (described.is !== 'described') return described;
  const { memory, threads } = described;
  const team = members(threads.length);
  const others = await loaded(team);
  if (others.is !== 'loaded') return others;
  const shared = Object.fromEntries(
    Object.entries(memory).map(([key, words]) => {
      const view = new Int32Array(new SharedArrayBuffer(words.length * 4));
      view.set(words);
      return [key, view];
    }),
  );
  progress.begin(shared);
  const start = new Int32Array(new SharedArrayBuffer(8)); // [how many have come, go]
  const answers = team.map((member) => member.ask({ do: 'run', thread: threads[member.index], index: member.index, memory: shared, start }));
  // the barrier: everybody is let go when the last has come (or has ended before)
  const settled = team.map(() => false);
  answers.forEach((answer, index) => answer.then(() => { settled[index] = true; }));
  while (start[0] + settled.filter(Boolean).length < team.length) await new Promise((resolve) => setImmediate(resolve));
  begun = true;
  Atomics.store(start, 1, 1);
  Atomics.notify(start, 1);
  const ended = await Promise.all(answers);
  const unproven = ended.find((answer) => answer.is === 'exited' || answer.is === 'replaced');
  if (unproven) return unproven;
  return {
    is: 'ran',
    memory: Object.fromEntries(Object.entries(shared).map(([key, view]) => [key, [...view]])),
    returns: ended.map((answer) => answer.returned ?? null),
    threads: team.map((member) => member.told()),
  };
}

/** Whether the words that threads share have changed since somebody last looked, MOST_TICKS times at most. */
const progress = {
  shared: {},
  seen: false,
  last: '',
  left: MOST_TICKS,
  moves() {
    const held = Object.values(this.shared).map((view) => view.slice(0, MOST_WORDS).join()).join(';');
    this.seen = this.last !== '' && held !== this.last;
    this.last = held;
    this.left -= 1;
    return this.seen && this.left > 0;
  },
  begin(shared) {
    Object.assign(this, { shared, seen: false, last: '', left: MOST_TICKS });
  },
};

async function supervise(work, ticks) {
  progress.begin({});
  const done = work().catch((error) => ({ is: 'threw', raised: evidence.error(error) }));
  const starvation = new Starvation();
  for (let left = ticks; left > 0;) {
    let timer;
    const answer = await Promise.race([done, new Promise((resolve) => { timer = setTimeout(resolve, TICK_MS); })]);
    clearTimeout(timer);
    if (answer) return answer;
    const fed = starvation.fed();
    left = progress.moves() ? ticks : left - fed;
    tell({ is: 'ticking' });
  }
  const hang = {
    is: 'hang',
    busy: starvation.busy(),
    moving: progress.seen,
    standing: await whereTheyStand(),
    ended: crew.filter((member) => member.answer?.raised).map((member) => member.told()),
  };
  return { ...hang, awaiting: hang.standing.length || !isMainThread ? [] : await whatAwaits(work) };
}

/** Where an async function of the learner's awaits what nobody settles: run once more, in Workers that note that. */
async function whatAwaits(work) {
  crew.splice(0);
  again = true;
  begun = false;
  work().catch(() => {});
  const starvation = new Starvation();
  for (let tick = 0, since = 0; tick < MOST_TICKS && since < AGAIN_TICKS; tick++) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    tell({ is: 'ticking' });
    since += begun * starvation.fed();
  }
  const late = new Promise((resolve) => setTimeout(resolve, TICK_MS * AGAIN_TICKS, []));
  const told = await Promise.race([Promise.all(crew.map((member) => member.ask({ do: 'awaiting' }))), late]);
  const lines = new Map(told.filter((answer) => answer.line).map(({ line, name }) => [line, evidence.lineOf(line, name)]));
  return [...lines.values()].map((line) => ({ name: line.function || 'a function', ...line }));
}

/** The learner's line on which each thread stands; after this the process can only be ended. */
async function whereTheyStand() {
  const standing = new Map(); // by member
  const session = new Session();
  const listen = (member, send) => {
    let script = null;
    standing.set(member, null);
    send('Debugger.enable');
    send('Debugger.pause');
    return ({ method, params }) => {
      // a frame names the script by its number alone when that is a module
      if (method === 'Debugger.scriptParsed' && params.url === evidence.url) script = params.scriptId;
      if (method !== 'Debugger.paused') return;
      const frame = params.callFrames.find((each) => each.location.scriptId === script);
      if (frame) standing.set(member, evidence.lineOf(frame.location.lineNumber + 1, frame.functionName));
    };
  };
  if (isMainThread) {
    session.connect();
    const listeners = new Map();
    let id = 0;
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      const member = crew.find((each) => Number(workerInfo.title.match(/\d+/)?.[0]) === each.id); // "[worker 3]"
      const send = (method) =>
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: ++id, method }) });
      if (member) listeners.set(sessionId, listen(member, send));
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
      listeners.get(sessionId)?.(JSON.parse(message));
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  } else {
    session.connectToMainThread();
    let heard = () => {};
    session.on('inspectorNotification', (message) => heard(message));
    heard = listen(crew[0], (method) => session.post(method));
  }
  const running = crew.filter((member) => member.alive && !member.answer).length;
  const starvation = new Starvation();
  for (let tick = 0; tick < PAUSE_TICKS && [...standing.values()].filter(Boolean).length < running; tick += starvation.fed()) {
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
    tell({ is: 'ticking' });
  }
  session.disconnect(); // what is run once more is not to be paused
  return [...standing].filter(([, line]) => line).map(([member, line]) => ({ name: member.name, ...line }));
}

/** What the learner's code prints. */
function print(data) {
  try {
    writeSync(2, data);
  } catch {
    // nobody reads any more
  }
}

/** What the judge reads. */
function tell(answer) {
  try {
    writeAll(1, `${nonce} ${JSON.stringify({ ...(process.ppid === parent ? answer : { is: 'orphaned' }), turn })}\n`);
  } catch {
    process.reallyExit(CUT_OFF);
  }
}

let nonce;
let turn = 0; // the number of the command that is being answered

async function serve(line) {
  if (!nonce) {
    nonce = line;
    return;
  }
  const command = JSON.parse(line);
  turn = command.turn;
  const work = { load, describe, run }[command.do].bind(null, command.scenario, command.params);
  tell(await supervise(work, command.ticks));
}

if (isMainThread) {
  createInterface({ input: process.stdin })
    .on('line', serve)
    .on('close', () => process.exit(0)); // the judge is gone, or has no more to ask
} else {
  parentPort.on('message', serve);
}
