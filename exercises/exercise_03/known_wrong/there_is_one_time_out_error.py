# belief: multiprocessing.TimeoutError is the TimeoutError
# fails: time_limit
# says: multiprocessing.context.TimeoutError

# It is a class of its own, which `except TimeoutError` does not catch.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")


def run_job(function, arguments, timeout_s):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(timeout_s):
            raise multiprocessing.TimeoutError(f"no answer after {timeout_s} s")
        is_result, value = receiver.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"exit code {process.exitcode}") from None
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
