# verdict: fail
# says: Mute
# why: its text cannot be had
class Mute(Exception):
    def __str__(self):
        raise ValueError("no")


def work(shared, index):
    raise Mute
    with shared.lock:
        shared.count += 1
    return index
