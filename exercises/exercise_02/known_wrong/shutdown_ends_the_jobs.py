# belief: a pool that is shut down has ended its jobs
# fails: cpu_has_ended
# says: a CPU job was still under way

# shutdown(wait=False) only closes the entrance. What runs, runs on.

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
    loop = asyncio.get_running_loop()
    pool = ProcessPoolExecutor(max_workers, multiprocessing.get_context("spawn"))

    def start(job):
        if job.kind == "cpu":
            return loop.run_in_executor(pool, job.function, *job.arguments)
        return asyncio.ensure_future(job.function(*job.arguments))

    runs = [start(job) for job in jobs]
    try:
        return await asyncio.gather(*runs)
    finally:
        waits = [run for job, run in zip(jobs, runs, strict=True) if job.kind == "io"]
        await asyncio.gather(*waits, return_exceptions=True)
        pool.shutdown(wait=False, cancel_futures=True)
