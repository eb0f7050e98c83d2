// Exercise 2: run each job where it belongs. README.md says what it must do.

/** Run "io" jobs on this loop and "cpu" jobs in Workers, at most maxWorkers; the results in order. */
export async function runWhereItBelongs(jobs, maxWorkers) {
  throw new Error('not written yet: runWhereItBelongs', { cause: 'unwritten' });
}
