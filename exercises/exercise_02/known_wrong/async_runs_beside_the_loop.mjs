// belief: async makes it run beside the rest
// beliefs: 1
// fails: cpu_off_the_loop
// says: on the thread of the event loop

// `async` lets a function wait without holding anybody up. It does not wait here: it computes, on the loop's thread.

export async function runWhereItBelongs(jobs, maxWorkers) {
  check(jobs, maxWorkers);
  const outcomes = await Promise.allSettled(jobs.map(run));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
  return outcomes.map((outcome) => outcome.value);
}

async function run({ module, name, args }) {
  return (await import(module))[name](...args);
}

function check(jobs, maxWorkers) {
  if (!(maxWorkers >= 1)) throw new RangeError('maxWorkers must be at least 1');
  for (const { kind } of jobs) if (kind !== 'cpu' && kind !== 'io') throw new TypeError(`there is no kind of job ${kind}`);
}
