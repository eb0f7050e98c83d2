// One thread of the explored programs. It loads the scenario once per program and runs a function of it once per
// schedule.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import util from 'node:util';
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { installDisguise } from './define.mjs';
import { beginAwaits, openAwaits, pauseAwaits, wait } from './awaits.mjs';
import { beginChance, installChance } from './chance.mjs';
import { installElements, nameBuffers } from './elements.mjs';
import { beginEvents, failLater, leave, needsTime, runEvents } from './events.mjs';
import { installFiles } from './files.mjs';
import { installYieldPoints } from './yield_points.mjs';
import { machinery } from './intact.mjs';
import { Loader } from './loader.mjs';
import { beginLog } from './log.mjs';
import { refuse, refusedAtLoad } from './refusal.mjs';
import * as block from './block.mjs';
import * as scheduler from './scheduler.mjs';
import { framesIn } from './steps.mjs';
import { rename } from './rewrite.mjs';
import { calledByNode, installStacks } from './stacks.mjs';
import { isUnwritten } from './unwritten.mjs';
import { installLimits } from './uncontrolled.mjs';

const { blocks, me, script, exercise, known, name } = workerData;
const LONGEST_TEXT = 500; // characters of what an error says
const LONGEST_RETURN = 1_000_000; // characters of JSON that a thread may return: it is told anew for every schedule
const port = parentPort;
const post = port.postMessage.bind(port);
const receive = receiveMessageOnPort; // installLimits takes it from the learner

new Int32Array(blocks.tasks)[me] = taskNumber();
block.attach(blocks, me);
rename(name);
const loader = new Loader(script, exercise, known, name);
installElements({
  wait,
  unread: () => refuse('a module of it could not be read to be rewritten'),
  asks: (line, what) =>
    refuse(
      what === 'eval'
        ? `line ${line} has another name for eval, and what is evaluated so has no yield points`
        : `line ${line} asks for \`${what}\`, which tells whether it is being watched`,
      [],
    ),
});
installChance();
installYieldPoints();
installFiles();
installLimits();
installStacks();
installDisguise(util, () => {
  if (!calledByNode()) refuse('it asks for the text of a function of its own, which is another one while it is explored');
});
syncBuiltinESMExports();
process.argv.splice(1, process.argv.length, exercise ?? script);
process.execArgv.length = 0;
process.on('unhandledRejection', failLater);
process.on('uncaughtException', failLater);
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
    return {
      text: text.slice(0, LONGEST_TEXT), frames: framesIn(error),
      unwritten: isUnwritten(error), syntax: error instanceof SyntaxError,
    };
  } catch {
    return { text: 'threw something that cannot be shown', frames: [], unwritten: false, syntax: false };
  }
}

function thrown(error) {
  if (error instanceof scheduler.Abort || !block.active()) return;
  block.tell({ thrown: { thread: me, ...describe(error) } });
  scheduler.fail();
}

/** Load the next program. Tells the host; gives what runOnce needs, null where it does not load. */
async function prepare({ call, args, names, buffers, number }) {
  nameBuffers(me, buffers);
  const memory = Object.fromEntries(names.map((name, i) => [name, new Int32Array(buffers[i])]));
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
    pauseAwaits();
    const number = block.freshModules();
    const work = number ? await loader.load(call, number) : run;
    scheduler.beginThread();
    beginLog();
    beginChance(me);
    beginAwaits();
    beginEvents(openAwaits);
    let result = work(memory, me, ...args);
    if (needsTime(result)) result = await runEvents(result);
    if (result !== undefined) {
      const told = stringify(result, plain) ?? 'null';
      if (told.length > LONGEST_RETURN || !block.tell({ returned: [me, parse(told)] }))
        refuse('what it gives back is too large to be looked at');
    }
    scheduler.finish();
  } catch (error) {
    if (error instanceof scheduler.Abort || block.aborting()) {
      await leave();
      scheduler.home();
    } else thrown(error);
  }
}

async function main() {
  let known = 0;
  let program = null;
  for (;;) {
    scheduler.awaitTurn();
    if (block.program() !== known) {
      known = block.program();
      program = await prepare(receive(port).message);
    } else if (block.aborting()) scheduler.home();
    else await runOnce(program);
  }
}

await main();
