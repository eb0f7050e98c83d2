# belief: the pool refuses what is wrong
# fails: max_workers_is_checked
# says: max_workers = 0, with an "io" job,

# The pool does refuse 0, but it is only made where there is a CPU job: the other lists get through.

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def check(jobs, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    for job in jobs:
        if job.kind not in ("cpu", "io"):
            raise ValueError(f"there is no kind of job {job.kind!r}")


async def run_where_it_belongs(jobs, max_workers):
    check(jobs, 1)
    loop, pool = asyncio.get_running_loop(), None
    if any(job.kind == "cpu" for job in jobs):
        pool = ProcessPoolExecutor(max_workers, multiprocessing.get_context("spawn"))

    def start(job):
        if job.kind == "cpu":
            return loop.run_in_executor(pool, job.function, *job.arguments)
        return job.function(*job.arguments)

    outcomes = await asyncio.gather(*map(start, jobs), return_exceptions=True)
    if pool:
        pool.shutdown()
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
