// One thread of a scenario: it has the learner's file in it, and is asked by node_subject.mjs.
// What it needs it takes before that file is loaded, and it says so when that was replaced afterwards.
import { syncBuiltinESMExports } from 'node:module';
import { pathToFileURL } from 'node:url';
import threads, { isMainThread, MessagePort } from 'node:worker_threads';
import { machinery } from '../interleave/node/intact.mjs';
import { emptyInput } from '../interleave/node/streams.mjs';
import { Evidence } from './node_evidence.mjs';

const { add, wait } = Atomics;
const { parse, stringify } = JSON;
const nextTurn = setImmediate;
const post = MessagePort.prototype.postMessage;
const apply = Reflect.apply;
const kill = process.kill.bind(process);

/** Answer what comes through the port, about the learner's file. */
export function serve(port, { file, scenarios: scenariosFile }) {
  process.kill = careful;
  emptyInput();
  const evidence = new Evidence(file);
  const replaced = machinery();
  let scenarios;

  const answers = {
    __proto__: null,
    async load() {
      const exercise = await import(evidence.url);
      scenarios = await import(pathToFileURL(scenariosFile));
      const missing = scenarios.NAMES.filter((name) => !(name in exercise));
      return missing.length ? { missing, found: Object.keys(exercise) } : { loaded: true };
    },

    async describe({ scenario, params }) {
      return { scenario: scenarios.scenarios[scenario](params) };
    },

    async run({ thread: [name, ...args], memory, index, start }) {
      add(start, 0, 1);
      wait(start, 1, 0);
      return { returned: plain(await scenarios[name](memory, index, ...args)) };
    },
  };

  let asked;
  /** Answer, unless what the learner's file has replaced makes that worth nothing. */
  const tell = (id, answer) => {
    const names = replaced();
    apply(post, port, [{ id, answer: names.length ? { replaced: names } : answer }]);
  };
  process.on('uncaughtExceptionMonitor', (error) => tell(asked, { raised: evidence.error(error) }));

  port.on('message', async ({ id, command }) => {
    let answer;
    asked = id;
    try {
      answer = await answers[command.do](command);
    } catch (error) {
      answer = { raised: evidence.error(error) };
    }
    // one turn later: an unhandled rejection ends the thread first, and is then the answer
    nextTurn(() => tell(id, answer));
  });
}

/** A value as JSON can hold it. */
function plain(value) {
  return parse(stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each)) ?? 'null');
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
