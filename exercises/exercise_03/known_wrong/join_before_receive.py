# belief: first the process ends, then its answer is there
# fails: big_result
# says: Blocked

# A big answer does not fit into the pipe: the process waits until somebody reads it, and the
# caller waits for the process.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")


def run_job(function, arguments, timeout_s):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    sender.close()
    process.join(timeout_s)
    late = process.is_alive()
    process.terminate()
    process.join()
    if late:
        raise TimeoutError(f"no answer after {timeout_s} s")
    try:
        is_result, value = receiver.recv()
    except EOFError:
        raise RuntimeError(f"exit code {process.exitcode}") from None
    if is_result:
        return value
    raise value


def _work(sender, function, arguments):
    try:
        answer = (True, function(*arguments))
    except Exception as error:
        answer = (False, error)
    sender.send(answer)
