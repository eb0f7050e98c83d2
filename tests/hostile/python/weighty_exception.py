# verdict: fail
# says: ValueError: xxx
# why: its text is longer than anybody reads
def work(shared, index):
    raise ValueError("x" * 30_000_000)
    with shared.lock:
        shared.count += 1
    return index
