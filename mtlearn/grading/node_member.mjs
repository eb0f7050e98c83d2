// One thread of a scenario: it has the learner's file in it, and is asked by node_subject.mjs.
import { pathToFileURL } from 'node:url';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Evidence } from './node_evidence.mjs';

/** Answer what comes through the port, about the learner's file. */
export function serve(port, { file, scenarios: scenariosFile }) {
  const evidence = new Evidence(file);
  let scenarios;

  const answers = {
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
      Atomics.add(start, 0, 1);
      Atomics.wait(start, 1, 0);
      return { returned: await scenarios[name](memory, index, ...args) };
    },
  };

  port.on('message', async (message) => {
    let answer;
    try {
      answer = await answers[message.do](message);
    } catch (error) {
      answer = { raised: evidence.error(error) };
    }
    // one turn later: an unhandled rejection ends the thread first, and is then the answer
    setImmediate(() => port.postMessage(answer));
  });
}

if (!isMainThread) serve(parentPort, workerData);
