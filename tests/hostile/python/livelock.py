# verdict: fail
# says: Livelock|Busy loop
# hangs: yes
# why: each gives way to the other for ever
wants = [False, False, False]


def work(shared, index):
    wants[index] = True
    while wants[1 - index] if index < 2 else False:
        wants[index] = False
        wants[index] = True
    with shared.lock:
        shared.count += 1
    return index
