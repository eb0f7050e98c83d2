# verdict: fail
# says: had more than 16 processes at once, and was stopped
# hangs: yes
# why: more processes than any exercise asks for
import subprocess
import time


def work(shared, index):
    for _ in range(20):
        subprocess.Popen(["sleep", "1000"])
    time.sleep(60)
    with shared.lock:
        shared.count += 1
    return index
