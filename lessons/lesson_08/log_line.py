"""The log line of the experiment `context`: its own module, so that every process imports it by name."""

import contextvars

request = contextvars.ContextVar("request", default="none")


def log_line():
    """What a log line that is written here says of its request."""
    return request.get()


def log_line_for(name):
    """The same where the id came along as an argument."""
    request.set(name)
    return log_line()
