// Runs one program as another tool does, or for real: node peer.mjs TOOL PROGRAM SECONDS FOLDER, where FOLDER has fast-check.
// `answer` is what fast-check's scheduler orders; for real, it takes some milliseconds.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [tool, file, seconds, folder] = process.argv.slice(2);
const { memory, check } = JSON.parse(fs.readFileSync(file, 'utf8').split('\n')[0].slice(2));
const { run } = await import(pathToFileURL(file).href);
const names = Object.keys(memory);
const holds = new Function(...names, `return ${check};`);
const fresh = () => Object.fromEntries(names.map((name) => [name, Int32Array.from(memory[name])]));
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
const ends = performance.now() + seconds * 1000;
let runs = 0;

/** Did it end well? `settled` waits as long as there is something to wait for. */
async function goesWell(answer, settled) {
  const words = fresh();
  let over = false;
  runs++;
  run(words, answer).then(() => { over = true; });
  await settled(() => over);
  return over && holds(...names.map((name) => words[name]));
}

async function stress() {
  const answer = (value) => pause(Math.random() * 3).then(() => value);
  const settled = async (over) => {
    for (let turn = 0; turn < 100 && !over(); turn++) await pause(1);
  };
  while (performance.now() < ends) if (!(await goesWell(answer, settled))) return 'refuted';
  return 'not refuted';
}

async function fastCheck() {
  const fc = createRequire(path.join(path.resolve(folder), 'x.js'))('fast-check');
  const property = fc.asyncProperty(fc.scheduler(), async (s) => {
    const answer = (value) => s.schedule(Promise.resolve(value));
    const settled = async () => {
      await s.waitIdle();
      for (let turn = 0; turn < 20; turn++) await null;
    };
    return goesWell(answer, settled);
  });
  const options = { seed: 1, numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, endOnFailure: true };
  const found = await fc.check(property, options);
  return found.failed && found.counterexample ? 'refuted' : 'not refuted';
}

const started = performance.now();
const outcome = await (tool === 'stress' ? stress() : fastCheck());
console.log(JSON.stringify({ outcome, schedules: runs, seconds: (performance.now() - started) / 1000 }));
process.exit(0);
