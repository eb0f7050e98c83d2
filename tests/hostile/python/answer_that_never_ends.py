# verdict: fail
# says: Busy loop
# hangs: yes
# why: telling the judge what came back calls this
class Endless:
    def __repr__(self):
        while True:
            pass


def work(shared, index):
    if index == 0:
        return Endless()
    with shared.lock:
        shared.count += 1
    return index
