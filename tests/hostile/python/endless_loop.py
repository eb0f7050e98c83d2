# verdict: fail
# says: Busy loop: .* line 6
# hangs: yes
# why: a loop that touches nothing shared reaches no point at which it could be stopped
def work(shared, index):
    while True:
        pass
    with shared.lock:
        shared.count += 1
    return index
