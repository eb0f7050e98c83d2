# verdict: fail
# says: used more than 400 MB of memory, and was stopped
# why: as much as there is
def work(shared, index):
    hoard = []
    while True:
        hoard.append(bytearray(b"x" * 10_000_000))
    with shared.lock:
        shared.count += 1
    return index
