# belief: what is awaited runs in parallel
# fails: cpu_in_parallel
# says: the first waited

# Each job is awaited before the next one is handed out: the second worker never gets any work.

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
    waits = [asyncio.ensure_future(job.function(*job.arguments)) for job in jobs if job.kind == "io"]
    outcomes = []
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, context) as pool:
        for job in jobs:
            run = waits.pop(0) if job.kind == "io" else loop.run_in_executor(pool, job.function, *job.arguments)
            outcomes += await asyncio.gather(run, return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
