# Whatever came of it, the process is killed at the end, and waited for.
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
        process.kill()
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
