# verdict: fail
# says: Livelock: .* line 6
# hangs: yes
# why: the loop looks at what nobody changes
def work(shared, index):
    while shared.count < 100:
        pass
    with shared.lock:
        shared.count += 1
    return index
