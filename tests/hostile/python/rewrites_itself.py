# verdict: unchecked
# says: was changed while it was checked
# why: what was checked is not what stands there now
import pathlib

pathlib.Path(__file__).write_text("def work(shared, index): ...")


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
