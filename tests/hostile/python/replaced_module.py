# verdict: unchecked
# says: has replaced `threading`
# why: whoever imports threading from now on gets this
import sys
import types

sys.modules["threading"] = types.SimpleNamespace(Lock=object)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
