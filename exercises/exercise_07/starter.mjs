// Exercise 7: look after workers that die. README.md says what Supervisor must do.

/** Keeps `size` workers at work: hands out jobs, replaces who died, and brings every job to its end. */
export class Supervisor {
  constructor(startWorker, { size, maxAttempts, maxRestarts }) {
    throw new Error('not written yet: Supervisor', { cause: 'unwritten' });
  }

  /** Send the job to the least-loaded worker; the promise gets its result, or an error. */
  submit(job) {
    throw new Error('not written yet: submit', { cause: 'unwritten' });
  }

  /** Take no more jobs, wait for those that are there, then end the workers; a promise. */
  async drain() {
    throw new Error('not written yet: drain', { cause: 'unwritten' });
  }
}
