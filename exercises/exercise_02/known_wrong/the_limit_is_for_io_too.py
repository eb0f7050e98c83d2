# belief: max_workers limits whatever runs
# fails: io_all_at_once
# says: only 1 had begun

# A wait needs no worker. Here it takes the place of one.

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
    limit = asyncio.Semaphore(max_workers)
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, context) as pool:

        async def run(job):
            async with limit:
                if job.kind == "io":
                    return await job.function(*job.arguments)
                return await loop.run_in_executor(pool, job.function, *job.arguments)

        outcomes = await asyncio.gather(*map(run, jobs), return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
