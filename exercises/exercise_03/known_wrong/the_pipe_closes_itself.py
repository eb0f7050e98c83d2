# belief: what the process used is closed with the process
# fails: nothing_stays
# says: open files

# The ends of the pipe on this side are this side's: here the list of finished jobs keeps them.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")
done = []


def run_job(function, arguments, timeout_s):
    receiver, sender = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_work, args=(sender, function, arguments), daemon=True)
    process.start()
    sender.close()
    done.append(receiver)
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
    raise value


def _work(sender, function, arguments):
    try:
        answer = (True, function(*arguments))
    except Exception as error:
        answer = (False, error)
    sender.send(answer)
