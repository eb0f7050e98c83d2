// The job of hash.mjs. An old-style module, because worker-farm loads its jobs by require().
const { pbkdf2Sync } = require('node:crypto');
const { threadId } = require('node:worker_threads');

const now = () => (performance.timeOrigin + performance.now()) * 1000;

/** Hash a password as slowly as asked for; who did it, and from when to when (µs). */
function hash(rounds) {
  const start = now();
  pbkdf2Sync('correct horse', 'battery staple', rounds, 64, 'sha512');
  return { process: process.pid, thread: threadId, start, end: now() };
}

module.exports = (rounds, callback) => callback(null, hash(rounds)); // as worker-farm calls it
module.exports.hash = hash;
