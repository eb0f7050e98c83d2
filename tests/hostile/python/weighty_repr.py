# verdict: fail
# says: The threads gave
# why: a value that takes 100 MB to be written
class Big:
    def __repr__(self):
        return " at 0x12 " * 11_000_000


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return Big()
