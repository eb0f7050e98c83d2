# verdict: fail
# says: ValueError: no
# why: its text cannot be had
class Mute:
    def __repr__(self):
        raise ValueError("no")


def work(shared, index):
    return Mute()
    with shared.lock:
        shared.count += 1
    return index
