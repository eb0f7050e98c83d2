# verdict: pass
# why: a hundred frames deep, each with its own variables: that may be slow, but is right
def descend(depth, shared):
    here = [depth, depth + 1]
    if depth:
        return descend(depth - 1, shared) + here[0] - here[0]
    with shared.lock:
        shared.count += 1
    return 0


def work(shared, index):
    return index + descend(100, shared)
