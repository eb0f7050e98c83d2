# belief: threads run Python code in parallel
# fails: cpu_off_the_loop
# says: in a thread of this process

# The loop goes on turning, but the threads share one GIL: two of them compute no faster than one.

import asyncio


def check(jobs, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    for job in jobs:
        if job.kind not in ("cpu", "io"):
            raise ValueError(f"there is no kind of job {job.kind!r}")


async def run_where_it_belongs(jobs, max_workers):
    check(jobs, max_workers)
    limit = asyncio.Semaphore(max_workers)

    async def compute(job):
        async with limit:
            return await asyncio.to_thread(job.function, *job.arguments)

    runs = [job.function(*job.arguments) if job.kind == "io" else compute(job) for job in jobs]
    outcomes = await asyncio.gather(*runs, return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
