// Exercise 4: requests and answers over messages. README.md says what RpcClient must do.

/** Calls that go out as messages through a port, and come back as promises. */
export class RpcClient {
  constructor(port) {
    this.port = port;
  }

  /** Post a request; the promise gets the result, or what went wrong. */
  call(method, params) {
    throw new Error('not written yet: call', { cause: 'unwritten' });
  }

  /** Hand the data of every such event to the listener. */
  on(event, listener) {
    throw new Error('not written yet: on', { cause: 'unwritten' });
  }

  /** Fail every pending call, and ask nothing any more. */
  close() {
    throw new Error('not written yet: close', { cause: 'unwritten' });
  }
}
