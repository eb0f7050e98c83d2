"""Exercise 3: run one job in its own worker. README.md says what it must do."""


def run_job(function, arguments, timeout_s):
    """Call function(*arguments) in a process; give what it returns, raise what it raises, stop it after timeout_s."""
    raise NotImplementedError("run_job is not written yet")
