"""Exercise 2: run each job where it belongs. README.md says what it must do."""


async def run_where_it_belongs(jobs, max_workers):
    """Run "io" jobs on this loop and "cpu" jobs in processes, at most max_workers; the results in order."""
    raise NotImplementedError("run_where_it_belongs is not written yet")
