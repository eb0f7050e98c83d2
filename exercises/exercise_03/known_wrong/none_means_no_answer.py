# belief: None means that no answer came
# fails: result_comes_back
# says: should return None

# Most functions in the world return None, and mean it.

import multiprocessing

CONTEXT = multiprocessing.get_context("spawn")


def run_job(function, arguments, timeout_s):
    results, errors = CONTEXT.SimpleQueue(), CONTEXT.SimpleQueue()
    process = CONTEXT.Process(target=_work, args=(results, errors, function, arguments), daemon=True)
    process.start()
    process.join(timeout_s)
    late = process.is_alive()
    process.terminate()
    process.join()
    if late:
        raise TimeoutError(f"no answer after {timeout_s} s")
    if not errors.empty():
        raise errors.get()
    value = None if results.empty() else results.get()
    if value is None:
        raise RuntimeError(f"exit code {process.exitcode}")
    return value


def _work(results, errors, function, arguments):
    try:
        results.put(function(*arguments))
    except Exception as error:
        errors.put(error)
