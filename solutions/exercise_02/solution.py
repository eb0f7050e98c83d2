"""I/O on the loop, CPU work in a pool of processes."""

import asyncio
import contextlib
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


async def run_where_it_belongs(jobs, max_workers):
    """Run "io" jobs on this loop and "cpu" jobs in processes, at most max_workers; the results in order."""
    # All that can be refused is refused before anything is started.
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    for job in jobs:
        if job.kind not in ("cpu", "io"):
            raise ValueError(f"there is no kind of job {job.kind!r}")

    loop = asyncio.get_running_loop()
    cpu_jobs = sum(job.kind == "cpu" for job in jobs)
    with contextlib.ExitStack() as stack:
        if cpu_jobs:
            # One pool for all jobs: its processes are started once and take one job after the other. They are new
            # ones and no copies of this process: a copy would also copy locks that other threads hold.
            context = multiprocessing.get_context("spawn")
            pool = stack.enter_context(ProcessPoolExecutor(min(max_workers, cpu_jobs), context))

        def start(job):
            if job.kind == "io":
                return job.function(*job.arguments)  # a coroutine: gather makes a task of it
            return loop.run_in_executor(pool, job.function, *job.arguments)

        # Errors come back as values, so that one of them does not end the waiting for the others.
        outcomes = await asyncio.gather(*map(start, jobs), return_exceptions=True)

    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return outcomes
