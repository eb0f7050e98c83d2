# belief: a worker for every job is fine
# beliefs: 4
# fails: workers_are_reused
# says: different workers

# Never more than max_workers at once, but each is started for one job, and thrown away.

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
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    limit = asyncio.Semaphore(max_workers)

    async def compute(job):
        async with limit:
            with ProcessPoolExecutor(1, context) as pool:
                return await loop.run_in_executor(pool, job.function, *job.arguments)

    runs = [job.function(*job.arguments) if job.kind == "io" else compute(job) for job in jobs]
    outcomes = await asyncio.gather(*runs, return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
