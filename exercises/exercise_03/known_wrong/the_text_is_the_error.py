# belief: the text of an error says it all
# fails: error_comes_back
# says: should raise the same

# Whoever calls with `except ZeroDivisionError` does not catch a RuntimeError with the same text.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")


def run_job(function, arguments, timeout_s):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(timeout_s):
            raise TimeoutError(f"no answer after {timeout_s} s")
        is_result, value = receiver.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"exit code {process.exitcode}") from None
    finally:
        process.terminate()
        process.join()
    if is_result:
        return value
    raise RuntimeError(str(value))


def _work(sender, function, arguments):
    try:
        answer = (True, function(*arguments))
    except Exception as error:
        answer = (False, error)
    sender.send(answer)
