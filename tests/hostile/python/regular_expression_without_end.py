# verdict: fail
# says: does not answer|Busy loop
# hangs: yes
# why: the matcher keeps the interpreter to itself, so that no other thread runs
import re


def work(shared, index):
    re.match(r"(a+)+b", "a" * 40)
    with shared.lock:
        shared.count += 1
    return index
