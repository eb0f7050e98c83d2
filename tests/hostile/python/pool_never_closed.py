# verdict: pass
# why: its processes wait for work for ever
import concurrent.futures
import multiprocessing

pool = concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork"))
pool.submit(abs, 1).result()


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
