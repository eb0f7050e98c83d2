"""Exercise 4: requests and answers over messages. README.md says what RpcClient must do."""


class RpcClient:
    """Calls that go out as messages through a port, and come back as futures."""

    def __init__(self, port):
        self.port = port

    def call(self, method, params):
        """Post a request; the future gets the result, or what went wrong."""
        raise NotImplementedError("RpcClient.call is not written yet")

    def on(self, event, listener):
        """Hand the data of every such event to the listener."""
        raise NotImplementedError("RpcClient.on is not written yet")

    def close(self):
        """Fail every pending call, and ask nothing any more."""
        raise NotImplementedError("RpcClient.close is not written yet")
