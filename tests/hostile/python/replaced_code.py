# verdict: fail
# says: counted as 1
# why: the function is the same, what it does is not
import mtlearn.interleave.python.tracing as tracing

tracing.stop_at.__code__ = (lambda watch, code, offset, frame: False).__code__


def work(shared, index):
    shared.count += 1
    return index
