// What is done with a learner's runWhereItBelongs: lists of jobs that tell where they ran, and what came of them.
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';
import { refusal } from 'stateful';
import * as exercise from 'exercise';
import * as jobs from './jobs.mjs';

export const NAMES = ['runWhereItBelongs'];

const JOBS = new URL('./jobs.mjs', import.meta.url).href;

export const scenarios = {
  // one call with [kind, function, arguments] for each job; "LOG" in the arguments is the file to tell it to
  calling: ({ jobs, max_workers }) => ({ memory: {}, threads: [['call', jobs, max_workers]] }),
};

let calls = 0;

export async function call(memory, thread, list, maxWorkers) {
  // this file goes when the grading is over
  const log = fileURLToPath(new URL(`./log-${process.pid}-${calls++}`, import.meta.url));
  jobs.meetAnew();
  const put = (argument) => (argument === 'LOG' ? log : argument);
  const asked = list.map(([kind, name, args]) => ({ kind, module: JOBS, name, args: args.map(put) }));
  let outcome;
  try {
    outcome = { gave: inJson(await exercise.runWhereItBelongs(asked, maxWorkers)) };
  } catch (error) {
    outcome = refusal(error);
  }
  // at once: whoever has waited for the end of all has none
  const left = { io_left: jobs.meeting.begun - jobs.meeting.ended, workers_left: workersLeft() };
  jobs.tell(log, 'over');
  const told = jobs.told(log);
  left.cpu_left = await cpuLeft(log);
  return { ...outcome, here: { process: process.pid, thread: threadId }, log: told, ...left };
}

/** Whether a "cpu" job was still under way when the call was over: then it says now that it ends (or was killed). */
async function cpuLeft(log) {
  const words = () => jobs.told(log).map(([word]) => word);
  const count = (wanted) => words().filter((word) => word === wanted).length;
  await jobs.awaitUntil(() => count('begin') === count('end'), jobs.PATIENCE_S);
  return words().slice(words().indexOf('over')).includes('end');
}

const workers = new Set(); // that were started
process.on('worker', (worker) => workers.add(worker));

/** How many Workers live on. */
function workersLeft() {
  const living = [...workers].filter((worker) => worker.threadId !== -1); // -1: its exit was told
  workers.clear();
  return living.length;
}

/** Results with `undefined` as a text: there is none in JSON. */
function inJson(results) {
  if (!Array.isArray(results)) return results ?? null;
  return Array.from(results, (result) => (result === undefined ? 'undefined' : result));
}
