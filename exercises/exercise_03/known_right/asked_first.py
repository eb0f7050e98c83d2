# A process that is asked first, and has half a second to listen; wait() watches its end and its answer at once.
import multiprocessing
from multiprocessing.connection import wait

POLITE_S = 0.5


class Worker(multiprocessing.get_context("spawn").Process):
    def __init__(self, function, arguments):
        super().__init__()
        self.function, self.arguments = function, arguments
        self.here, self.there = multiprocessing.Pipe()

    def run(self):
        try:
            self.there.send((self.function(*self.arguments), None))
        except Exception as error:
            self.there.send((None, error))

    def stop(self):
        self.terminate()
        self.join(POLITE_S)
        if self.is_alive():
            self.kill()
            self.join()
        self.here.close()
        self.close()


def run_job(function, arguments, timeout_s):
    worker = Worker(function, arguments)
    worker.start()
    worker.there.close()
    try:
        ready = wait([worker.here, worker.sentinel], timeout_s)
        if not ready:
            raise TimeoutError(f"the limit of {timeout_s} s has passed")
        try:
            value, error = worker.here.recv()
        except (EOFError, ConnectionError):
            worker.join()
            raise ChildProcessError(f"exit code {worker.exitcode}, and no result") from None
    finally:
        worker.stop()
    if error:
        raise error
    return value
