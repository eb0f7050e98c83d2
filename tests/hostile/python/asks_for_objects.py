# verdict: unchecked
# says: line 6 of .* asks for `gc.get_objects`
# why: a defeat device, which looks for who watches among all objects
import gc

scheduler = next((each for each in gc.get_objects() if type(each).__name__ == "Scheduler"), None)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
