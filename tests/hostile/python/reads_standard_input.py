# verdict: fail
# says: EOFError
# why: nobody types anything
name = input("Your name? ")


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
