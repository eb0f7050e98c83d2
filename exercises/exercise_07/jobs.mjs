// A real worker process: it answers each job, unless the job kills it, or holds it up.
process.on('message', ({ job, attempt, kills = 0, holds = 0 }) => {
  if (attempt <= kills) process.kill(process.pid, 'SIGKILL');
  else if (attempt > holds) process.send({ job, process: process.pid });
});
process.on('disconnect', () => process.exit());
