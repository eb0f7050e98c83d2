// What perf_hooks measures, each tool once, in the main thread and in a worker.
//
//     node lessons/lesson_10/marks.mjs
import { once } from 'node:events';
import { monitorEventLoopDelay, performance, PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMainThread, parentPort, threadId, Worker } from 'node:worker_threads';
import { params, row, skip } from '../reporter.mjs';

/** Work of so many milliseconds. */
function work(ms) {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Use every tool around work of 20 ms; what each says it took, in ns. */
async function measure() {
  const seen = [];
  const observer = new PerformanceObserver((list) => seen.push(...list.getEntries()));
  observer.observe({ entryTypes: ['mark', 'measure', 'function'] });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  await sleep(40); // a histogram warms up
  const idle = performance.eventLoopUtilization();

  // region 20 ms of work, twice
  performance.mark('begin');
  work(20); // <-
  performance.mark('end');
  const measured = performance.measure('a measure', 'begin', 'end').duration;
  performance.timerify(function work20() { work(20); })();
  // endregion
  await sleep(40); // the observer is told in a later turn
  const busy = performance.eventLoopUtilization(idle);
  delay.disable();
  observer.disconnect();
  const timed = seen.find((entry) => entry.entryType === 'function');
  return {
    id: threadId, entries: seen.length,
    tools: {
      'mark, mark, measure': measured * 1e6,
      'timerify, PerformanceObserver': timed && timed.duration * 1e6,
      'monitorEventLoopDelay, max': delay.max,
      'eventLoopUtilization, active': busy.active * 1e6,
    },
  };
}

function tell(where, { id, entries, tools }) {
  for (const [tool, ns] of Object.entries(tools)) {
    const variant = `${where}: ${tool}`;
    if (ns === undefined) skip(variant, 'the observer was told nothing');
    else row({ variant, threads: [id], took_ns: Math.round(ns), entries });
  }
}

if (isMainThread) {
  params({});
  const worker = new Worker(new URL(import.meta.url));
  const [there] = await once(worker, 'message');
  tell('main', await measure());
  tell('worker', there);
  row({ variant: 'main: entries of the worker', threads: [threadId], entries: performance.getEntriesByName('a worker measure').length });
} else {
  const found = await measure();
  performance.measure('a worker measure', 'begin', 'end');
  parentPort.postMessage(found);
}
