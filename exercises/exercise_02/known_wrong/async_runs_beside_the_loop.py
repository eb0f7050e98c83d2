# belief: async makes it run beside the rest
# beliefs: 1
# fails: cpu_off_the_loop
# says: on the thread of the event loop

# `async def` lets a function wait without holding anybody up. It does not wait here: it computes, on the loop's thread.

import asyncio


def check(jobs, max_workers):
    if max_workers < 1:
        raise ValueError("max_workers must be at least 1")
    for job in jobs:
        if job.kind not in ("cpu", "io"):
            raise ValueError(f"there is no kind of job {job.kind!r}")


async def compute(job):
    return job.function(*job.arguments)


async def run_where_it_belongs(jobs, max_workers):
    check(jobs, max_workers)
    runs = [job.function(*job.arguments) if job.kind == "io" else compute(job) for job in jobs]
    outcomes = await asyncio.gather(*runs, return_exceptions=True)
    if error := next((outcome for outcome in outcomes if isinstance(outcome, BaseException)), None):
        raise error
    return outcomes
