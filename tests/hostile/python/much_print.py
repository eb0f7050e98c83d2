# verdict: pass
# why: a learner who prints in every call is run through thousands of orders of steps
def work(shared, index):
    print("thread", index, "is at work, and says so at some length" * 3)
    with shared.lock:
        shared.count += 1
    return index
