# belief: a thread is a worker like any other
# fails: in_a_worker_of_its_own
# says: The caller is process

# It runs in this process, so no limit can end it: the thread stays for as long as the job likes.

import threading


def run_job(function, arguments, timeout_s):
    answer = []

    def work():
        try:
            answer[:] = True, function(*arguments)
        except Exception as error:
            answer[:] = False, error

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(timeout_s)
    if not answer:
        raise TimeoutError(f"no answer after {timeout_s} s")
    if answer[0]:
        return answer[1]
    raise answer[1]
