# verdict: pass
# why: a file may replace what it puts back
import time
from unittest import mock

with mock.patch("time.sleep", lambda seconds: None):
    time.sleep(1_000)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
