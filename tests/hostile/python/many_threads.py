# verdict: fail
# says: had more than 40 threads at once, and was stopped
# why: more threads than any exercise asks for
import threading

wait = threading.Event().wait
for _ in range(500):
    threading.Thread(target=wait, daemon=True).start()


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
