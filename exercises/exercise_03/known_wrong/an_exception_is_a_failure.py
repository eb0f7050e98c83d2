# belief: what is an exception was raised
# fails: result_comes_back
# says: raised ValueError

# A function may return an exception, as one may return a letter that says "no": the answer has to say which it is.

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
        answer = receiver.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"exit code {process.exitcode}") from None
    finally:
        process.terminate()
        process.join()
    if isinstance(answer, Exception):
        raise answer
    return answer


def _work(sender, function, arguments):
    try:
        answer = function(*arguments)
    except Exception as error:
        answer = error
    sender.send(answer)
