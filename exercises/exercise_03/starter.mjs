// Exercise 3: run one job in its own worker. README.md says what it must do.

/** Run file in a new Worker; resolve with its first message, reject with its error, stop it after timeoutMs. */
export function runJob(file, data, { timeoutMs, transfer }) {
  throw new Error('not written yet: runJob', { cause: 'unwritten' });
}
