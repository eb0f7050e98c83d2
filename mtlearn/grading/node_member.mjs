// One thread of a scenario: it has the learner's file in it, and is asked by node_subject.mjs.
// What it needs it takes before that file is loaded, and it says so when that was replaced afterwards.
import { createHook } from 'node:async_hooks';
import module, { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import threads, { isMainThread, MessagePort } from 'node:worker_threads';
import { machinery } from '../interleave/node/intact.mjs';
import { installStacks } from '../interleave/node/stacks.mjs';
import { emptyInput } from '../interleave/node/streams.mjs';
import { Evidence } from './node_evidence.mjs';

const { add, wait } = Atomics;
const { parse, stringify } = JSON;
const nextTurn = setImmediate;
const post = MessagePort.prototype.postMessage;
const apply = Reflect.apply;
const kill = process.kill.bind(process);

/** Answer what comes through the port, about the learner's file. */
export function serve(port, { file, scenarios: scenariosFile, notesAwaits = false }) {
  process.kill = careful;
  process.argv.splice(1, process.argv.length, file);
  process.execArgv.length = 0;
  noteLoaders();
  installStacks();
  emptyInput();
  const evidence = new Evidence(file);
  const replaced = machinery();
  const pending = notesAwaits ? new PendingAwaits(evidence.url) : null;
  let scenarios;

  const answers = {
    __proto__: null,
    async load() {
      const exercise = await import(evidence.url);
      scenarios = await import(pathToFileURL(scenariosFile));
      const missing = scenarios.NAMES.filter((name) => !(name in exercise));
      return missing.length ? { is: 'missing', missing, found: Object.keys(exercise) } : { is: 'loaded' };
    },

    async describe({ scenario, params }) {
      const { memory, threads } = scenarios.scenarios[scenario](params);
      return { is: 'described', memory, threads };
    },

    async awaiting() {
      return { is: 'awaiting', ...pending?.innermost() };
    },

    async run({ thread: [name, ...args], memory, index, start }) {
      pending?.made.clear(); // what loading has left is not awaited by anybody
      add(start, 0, 1);
      wait(start, 1, 0);
      return { is: 'returned', returned: plain(await scenarios[name](memory, index, ...args)) };
    },
  };

  let asked;
  /** Answer, unless what the learner's file has replaced makes that worth nothing. */
  const tell = (id, answer) => {
    const names = replaced();
    for (let i = 0; i < loaders.length; i++) names[names.length] = loaders[i];
    apply(post, port, [{ id, answer: names.length ? { is: 'replaced', names } : answer }]);
  };
  process.on('uncaughtExceptionMonitor', (error) => tell(asked, { is: 'threw', raised: evidence.error(error) }));

  port.on('message', async ({ id, command }) => {
    let answer;
    asked = id;
    try {
      answer = await answers[command.do](command);
    } catch (error) {
      answer = { is: 'threw', raised: evidence.error(error) };
    }
    // one turn later: an unhandled rejection ends the thread first, and is then the answer
    nextTurn(() => tell(id, answer));
  });
}

/** The promises that wait, by where in a file they were made: an await makes one. */
class PendingAwaits {
  constructor(url) {
    this.url = url;
    this.made = new Map();
    const noted = this.made;
    const here = () => this.#here();
    createHook({
      init(id, type) {
        if (type === 'PROMISE') noted.set(id, here());
      },
      promiseResolve(id) {
        noted.delete(id);
      },
    }).enable();
  }

  #here() {
    const frames = String(new Error().stack).split('\n').filter((line) => line.includes(this.url));
    const found = frames[0]?.match(/at (?:async )?(?:(\S+) \()?file:.*:(\d+):\d+\)?$/);
    return found ? { name: (found[1] ?? '').replace('Module.', ''), line: Number(found[2]), depth: frames.length } : null;
  }

  /** That of the innermost function: those that called it, or await it, stand below it on its stack. */
  innermost() {
    const own = [...this.made.values()].filter(Boolean);
    return own.reduce((deepest, each) => (each.depth >= (deepest?.depth ?? 0) ? each : deepest), undefined);
  }
}

/** A value as JSON can hold it. */
function plain(value) {
  return parse(stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)) ?? 'null');
}

const loaders = []; // what has been done to the loading of modules: the scenarios are loaded after the file

function noteLoaders() {
  for (const name of ['register', 'registerHooks']) {
    const real = module[name];
    if (real) module[name] = (...given) => {
      loaders[loaders.length] = `module.${name}`;
      return real(...given);
    };
  }
  syncBuiltinESMExports();
}

/** Send a signal, unless it would reach every process that the user has. */
function careful(pid, signal) {
  if (Number(pid) === -1) throw new RangeError('process.kill(-1) would reach every process you have: mtlearn refuses it');
  return kill(pid, signal);
}

if (!isMainThread) {
  // The learner's file may have a use for parentPort and workerData of its own: the port to the supervisor is neither.
  const { port, ...files } = threads.workerData;
  threads.workerData = null;
  syncBuiltinESMExports();
  serve(port, files);
}
