# verdict: unchecked
# says: behaves differently in another process
# why: it knows from a file whether it was loaded before
import time
from pathlib import Path

mark = Path(__file__).with_suffix(".mark")
again = mark.exists()
mark.touch()


def work(shared, index):
    with shared.lock:
        shared.count += 2 if again else 1
    return index
