"""Exercise 7: look after workers that die. README.md says what Supervisor must do."""


class Supervisor:
    """Keeps `size` workers at work: hands out jobs, replaces who died, and brings every job to its end."""

    def __init__(self, start_worker, size, max_attempts, max_restarts):
        raise NotImplementedError("Supervisor is not written yet")

    def submit(self, job):
        """Send the job to the least-loaded worker; the future gets its result, or an error."""
        raise NotImplementedError("Supervisor.submit is not written yet")

    def drain(self):
        """Take no more jobs, wait for those that are there, then end the workers."""
        raise NotImplementedError("Supervisor.drain is not written yet")
