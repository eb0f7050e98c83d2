# belief: who waits for the answer gets one, sooner or later
# fails: end_without_a_result
# says: Blocked

# The caller still holds a sender itself, so the pipe never ends: it waits for a process that is long dead.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")


def run_job(function, arguments, timeout_s):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    try:
        if not receiver.poll(timeout_s):
            raise TimeoutError(f"no answer after {timeout_s} s")
        is_result, value = receiver.recv()
    finally:
        process.terminate()
        process.join()
    if is_result:
        return value
    raise value


def _work(sender, function, arguments):
    try:
        answer = (True, function(*arguments))
    except Exception as error:
        answer = (False, error)
    sender.send(answer)
