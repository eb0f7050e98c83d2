# belief: what is not CPU work is I/O
# fails: kinds_are_checked
# says: A job of the kind

# A slip of the pen, `CPU` for `cpu`, and the job runs where it does not belong; nobody hears of it.

import asyncio
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


async def run_where_it_belongs(jobs, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    loop, context = asyncio.get_running_loop(), multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(max_workers, context) as pool:

        async def run(job):
            if job.kind == "cpu":
                return await loop.run_in_executor(pool, job.function, *job.arguments)
            result = job.function(*job.arguments)
            return await result if asyncio.iscoroutine(result) else result

        outcomes = await asyncio.gather(*map(run, jobs), return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
