# verdict: fail
# says: counted as 1
# why: a thread that waits for the search to be imported, and takes its judgement away
import sys
import threading
import time


def later():
    for _ in range(2_000):
        search = sys.modules.get("mtlearn.interleave.search")
        if search is not None and hasattr(search, "failure_of"):
            search.failure_of = lambda execution, verdict: None
        time.sleep(0.001)


threading.Thread(target=later, daemon=True).start()


def work(shared, index):
    shared.count += 1
    return index
