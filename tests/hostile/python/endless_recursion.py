# verdict: fail
# says: RecursionError
# why: a function that only calls itself
def work(shared, index):
    work(shared, index)
    with shared.lock:
        shared.count += 1
    return index
