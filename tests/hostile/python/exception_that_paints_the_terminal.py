# verdict: fail
# says: ValueError: \\x1b\[2J
# why: a terminal would obey this
def work(shared, index):
    raise ValueError("\x1b[2J\x1b]0;mine\x07\u202egnirts")
    with shared.lock:
        shared.count += 1
    return index
