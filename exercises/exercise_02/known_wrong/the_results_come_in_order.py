# belief: results come in the order of the jobs by themselves
# fails: results
# says: should give them in this order

# as_completed gives first what ends first.

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
    check(jobs, max_workers)
    outcomes = []
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, context) as pool:

        def start(job):
            if job.kind == "cpu":
                return loop.run_in_executor(pool, job.function, *job.arguments)
            return asyncio.ensure_future(job.function(*job.arguments))

        for run in asyncio.as_completed([start(job) for job in jobs]):
            outcomes += await asyncio.gather(run, return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
