# verdict: fail
# says: used more than 400 MB of memory, and was stopped
# why: another process counts, too
import subprocess
import sys


def work(shared, index):
    hoard = "import time; x = bytearray(b'x') * 600_000_000; time.sleep(60)"
    subprocess.run([sys.executable, "-c", hoard])
    with shared.lock:
        shared.count += 1
    return index
