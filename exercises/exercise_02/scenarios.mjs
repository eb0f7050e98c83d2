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
  const log = fileURLToPath(new URL(`./log-${process.pid}-${calls++}`, import.meta.url)); // goes when the grading is over
  jobs.meetAnew();
  const asked = list.map(([kind, name, args]) => ({ kind, module: JOBS, name, args: args.map((arg) => (arg === 'LOG' ? log : arg)) }));
  let outcome;
  try {
    outcome = { gave: (await exercise.runWhereItBelongs(asked, maxWorkers)) ?? null };
  } catch (error) {
    outcome = refusal(error);
  }
  const io_left = jobs.meeting.begun - jobs.meeting.ended;
  jobs.tell(log, 'over');
  const told = jobs.told(log);
  return { ...outcome, here: { process: process.pid, thread: threadId }, io_left, log: told, cpu_left: await cpuLeft(log) };
}

/** Whether a "cpu" job was still under way when the call was over: then it says now that it ends (or was killed). */
async function cpuLeft(log) {
  let words;
  const count = (wanted) => words.filter((word) => word === wanted).length;
  for (let left = jobs.PATIENCE_MS; left > 0; left -= 10) {
    words = jobs.told(log).map(([word]) => word);
    if (count('begin') === count('end')) break;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return words.slice(words.indexOf('over')).includes('end');
}
