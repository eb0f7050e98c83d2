# The pool keeps its process: what one job leaves there, the next one finds, and a job that is late holds up all others.

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

pool = None


def run_job(function, arguments, timeout_s):
    global pool
    pool = pool or ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))
    return pool.submit(function, *arguments).result(timeout_s)
