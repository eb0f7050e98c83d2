# verdict: fail
# says: counted as 1
# why: the steps name addresses, which differ from run to run
kept = []


def work(shared, index):
    mine = object()
    kept.append(mine)  # so that the next one lies elsewhere
    shared.seen = {id(mine): shared.count}
    shared.count = shared.seen.get(id(mine), 0) + 1
    return index
