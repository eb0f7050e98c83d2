# belief: workers speed up I/O too
# beliefs: 3
# fails: io_on_the_loop
# says: An I/O job ran on thread

# A thread for each wait, and in each a loop of its own. The one loop could wait for all of them.

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
    with ProcessPoolExecutor(max_workers, context) as pool:

        def start(job):
            if job.kind == "cpu":
                return loop.run_in_executor(pool, job.function, *job.arguments)
            return asyncio.to_thread(asyncio.run, job.function(*job.arguments))

        outcomes = await asyncio.gather(*map(start, jobs), return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
