# verdict: fail
# says: counted as
# why: a list that holds itself
def work(shared, index):
    if index == 0:
        me = []
        me.append(me)
        return me
    with shared.lock:
        shared.count += 1
    return index
