// What a thread may do that the scheduler cannot order, and what it must not reach: the process and its streams.
import { createRequire, isBuiltin, syncBuiltinESMExports } from 'node:module';
import v8 from 'node:v8';
import { begun } from './awaits.mjs';
import { define } from './define.mjs';
import { noteLater } from './events.mjs';
import { installPool } from './pool.mjs';
import { installPorts } from './ports.mjs';
import { forbid, refuse } from './refusal.mjs';
import { emptyInput, watchInput } from './streams.mjs';
import { installTimers } from './timers.mjs';

const require = createRequire(import.meta.url);

// What tells of the process's inside, and lets one change it.
const INSIDE = [
  'binding', '_linkedBinding', 'dlopen', '_getActiveHandles', '_getActiveRequests', 'getActiveResourcesInfo',
  '_debugProcess', '_startProfilerIdleNotifier', 'setUncaughtExceptionCaptureCallback',
];
const VM = ['runInContext', 'runInNewContext', 'runInThisContext', 'compileFunction', 'Script'];

const noting = (original) =>
  function (...args) {
    noteLater();
    return Reflect.apply(original, this, args);
  };

/** What is printed past the streams is not printed either: standard output belongs to the host. */
function swallow(fs, names) {
  for (const name of names) {
    const original = fs[name];
    define(fs, name, function (file, data, ...rest) {
      if (file !== 1 && file !== 2) return Reflect.apply(original, this, [file, data, ...rest]);
      return name === 'writeSync' ? Buffer.byteLength(data) : undefined;
    });
  }
}

const OF_A_PROCESS = /^\/proc\/(self|thread-self|\d+)\b/;
const READING = ['readFile', 'readFileSync', 'readdir', 'readdirSync', 'readlink', 'readlinkSync', 'open', 'openSync',
  'opendirSync', 'realpathSync', 'createReadStream']; // prettier-ignore

/** What the system tells of this process is not the same while it is explored. */
function forbidPaths(fs) {
  for (const name of READING) {
    const original = fs[name];
    const checked = function (path, ...rest) {
      const found = OF_A_PROCESS.exec(String(path));
      if (found) refuse(`it asks for \`${found[0]}\`, which tells whether it is being watched`);
      return Reflect.apply(original, this, [path, ...rest]);
    };
    define(fs, name, Object.assign(checked, original));
  }
}

/** Nobody knows what another process does meanwhile. What is waited for while the modules are loaded is over by then. */
function forbidProcesses(processes) {
  const ofProcess = (name) => `it uses ${name}, and a process of its own cannot be put in an order`;
  forbid(processes, ['spawn', 'fork', 'exec', 'execFile'], ofProcess);
  for (const name of ['spawnSync', 'execSync', 'execFileSync']) {
    const original = processes[name];
    define(processes, name, function (...args) {
      if (begun) refuse(ofProcess(name));
      return Reflect.apply(original, this, args);
    });
  }
}

export function installLimits() {
  const threads = require('node:worker_threads');
  const ofThread = (name) => `it uses ${name}, and threads or ports of its own cannot be put in an order`;
  forbid(globalThis, ['BroadcastChannel', 'Worker'], ofThread);
  forbid(threads, ['Worker', 'BroadcastChannel', 'postMessageToThread'], ofThread);
  const inNoOrder = (name) => `it uses ${name}, whose steps cannot be put in an order`;
  if (threads.locks) forbid(Object.getPrototypeOf(threads.locks), ['request', 'query'], (name) => inNoOrder(`locks.${name}`));
  if (isBuiltin('node:sqlite')) forbid(require('node:sqlite'), ['DatabaseSync'], inNoOrder);
  installTimers();
  installPorts();
  installPool();
  forbidProcesses(require('node:child_process'));
  threads.workerData = null;
  threads.parentPort = new Proxy({}, { get: (_, name) => () => refuse(ofThread(`parentPort.${String(name)}`)) });
  forbid(require('node:vm'), VM, (name) => `it uses vm.${name}, whose code has no yield points`);
  forbid(process, ['kill', 'abort'], (name) => `it uses process.${name}`);
  const telling = (name) => `it asks for \`${name}\`, which tells whether it is being watched`;
  forbid(process, INSIDE, telling);
  forbid(process.report, ['getReport', 'writeReport'], telling);
  forbid(v8, ['getHeapSnapshot', 'writeHeapSnapshot', 'setFlagsFromString', 'queryObjects'], telling);
  forbid(require('node:module'), ['register', 'registerHooks'], telling);
  forbid(require('node:inspector'), ['Session', 'open', 'url', 'waitForDebugger'], telling);

  define(process, 'exit', (code) => {
    throw Object.assign(new Error(`process.exit(${code ?? ''}) ends this thread`), { name: 'Exit' });
  });
  for (const stream of [process.stdout, process.stderr]) stream.write = () => true;
  swallow(require('node:fs'), ['writeSync', 'writeFileSync', 'appendFileSync']);
  emptyInput();
  watchInput(() => refuse('it reads standard input'));
  forbidPaths(require('node:fs'));
  syncBuiltinESMExports();
  define(globalThis, 'queueMicrotask', noting(queueMicrotask));
  define(process, 'nextTick', noting(process.nextTick));
  v8.promiseHooks.onInit(noteLater);
}
