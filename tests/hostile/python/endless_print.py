# verdict: fail
# says: Busy loop|printed more than
# hangs: yes
# why: the output of a loop that never ends
def work(shared, index):
    while True:
        print("again and again")
    with shared.lock:
        shared.count += 1
    return index
