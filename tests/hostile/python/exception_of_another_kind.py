# verdict: fail
# says: Stop
# why: no handler for Exception sees it
class Stop(BaseException):
    pass


def work(shared, index):
    raise Stop
    with shared.lock:
        shared.count += 1
    return index
