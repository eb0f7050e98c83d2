// One thread of the explored programs. It loads the scenario once per program and runs a function of it once per
// schedule.
import fs from 'node:fs';
import path from 'node:path';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { installGates } from './gates.mjs';
import { Loader } from './loader.mjs';
import * as scheduler from './scheduler.mjs';
import { machinery } from './intact.mjs';
import { framesIn } from './steps.mjs';
import { gated, nameBuffers } from './views.mjs';
import { beginTime, installLimits, needsTime, refuse, refusedAtLoad, settle } from './uncontrolled.mjs';

const { blocks, me, script, exercise } = workerData;
const LONGEST_TEXT = 500; // characters of what an error says
const port = parentPort;
const post = port.postMessage.bind(port);
const receive = receiveMessageOnPort; // installLimits takes it from the learner

new Int32Array(blocks.tasks)[me] = taskNumber();
scheduler.attach(blocks, me);
const loader = new Loader(script, exercise);
installGates();
installLimits();
process.on('unhandledRejection', thrown);
process.on('uncaughtException', thrown);
const replaced = machinery();
const { parse, stringify } = JSON;

/** The system's number of this thread, 0 where it does not tell. */
function taskNumber() {
  try {
    return Number(path.basename(fs.readlinkSync('/proc/thread-self')));
  } catch {
    return 0;
  }
}

const plain = (_, value) => (typeof value === 'bigint' ? Number(value) : value);

/** What an error says, and where: whatever was thrown. */
function describe(error) {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : `threw ${String(error)}`;
    return { text: text.slice(0, LONGEST_TEXT), frames: framesIn(error) };
  } catch {
    return { text: 'threw something that cannot be shown', frames: [] };
  }
}

function thrown(error) {
  if (error instanceof scheduler.Abort || !scheduler.active()) return;
  scheduler.tell({ thrown: { thread: me, ...describe(error) } });
  scheduler.fail();
}

/** Load the next program. Tells the host; gives what runOnce needs, null where it does not load. */
async function prepare({ call, args, names, buffers, number }) {
  nameBuffers(me, buffers);
  const memory = Object.fromEntries(names.map((name, i) => [name, gated(new Int32Array(buffers[i]))]));
  try {
    const run = await loader.load(call, number);
    const [name] = replaced();
    post({ uncontrolled: name ? `it has replaced ${name}` : refusedAtLoad() });
    return { call, args, memory, run };
  } catch (error) {
    const refused = refusedAtLoad(); // what it got instead may have been the reason
    post(refused ? { uncontrolled: refused } : { failed: describe(error) });
    return null;
  }
}

async function runOnce({ call, args, memory, run }) {
  try {
    const number = scheduler.freshModules();
    const work = number ? await loader.load(call, number) : run;
    scheduler.beginThread();
    beginTime(me);
    let result = work(memory, me, ...args);
    if (needsTime(result)) result = await settle(result);
    if (result !== undefined && !scheduler.tell({ returned: [me, parse(stringify(result, plain) ?? 'null')] }))
      refuse('what it gives back is too large to be looked at');
    scheduler.finish();
  } catch (error) {
    if (error instanceof scheduler.Abort || scheduler.aborting()) scheduler.home();
    else thrown(error);
  }
}

async function main() {
  let known = 0;
  let program = null;
  for (;;) {
    scheduler.awaitTurn();
    if (scheduler.program() !== known) {
      known = scheduler.program();
      program = await prepare(receive(port).message);
    } else if (scheduler.aborting()) scheduler.home();
    else await runOnce(program);
  }
}

await main();
