"""One job in one process: an answer, an error, an end without an answer, or no end in time."""

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")  # a fresh interpreter, which copies no thread and no lock


def run_job(function, arguments, timeout_s):
    """Call function(*arguments) in a process of its own; give what it returns, or raise what it raises."""
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments))
    process.start()
    sender.close()  # the process has the only one now: when it ends, the receiver sees the end of the pipe
    try:
        # First receive, then join: a process with an answer that nobody reads does not end.
        if not receiver.poll(timeout_s):
            raise TimeoutError(f"no answer after {timeout_s} s")
        try:
            is_result, value = receiver.recv()
        except EOFError:
            process.join()
            raise RuntimeError(f"the worker ended with exit code {process.exitcode} and gave no result") from None
    finally:
        process.kill()  # terminate() asks, and a process may be deaf; to one that has ended, neither does anything
        process.join()  # waits until it is gone, and takes it off the system's list
        process.close()
        receiver.close()
    if is_result:
        return value
    raise value


def _work(sender, function, arguments):
    """In the process: the answer says whether it is a result or an error, for a result may be an exception too."""
    try:
        answer = (True, function(*arguments))
    except Exception as error:
        answer = (False, error)
    sender.send(answer)
