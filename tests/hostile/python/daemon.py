# verdict: pass
# why: forked twice, in a session of its own, with nothing open and an empty environment
import os
import time

note = os.path.join(os.path.dirname(__file__), "it.pid")
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 256)
        os.execve("/bin/sh", ["sh", "-c", f"echo $$ > '{note}.part'; mv '{note}.part' '{note}'; exec sleep 1000"], {})
    os._exit(0)
while not os.path.exists(note):
    time.sleep(0.01)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
