// Requests and answers over a port: one listener, an id for each call, and nobody left waiting.

/** Calls that go out as messages, and come back as promises. */
export class RpcClient {
  #port;
  #lastId = 0;
  #pending = new Map(); // id -> { resolve, reject }
  #listeners = new Map(); // event -> listeners
  #ended = null; // why there will be no more answers

  constructor(port) {
    this.#port = port;
    port.on('message', (message) => this.#receive(message));
    port.on('error', (error) => this.#end(`the worker failed: ${error?.message ?? error}`));
    port.on('exit', (code) => this.#end(`the worker ended with exit code ${code}`));
  }

  /** Ask for `method`; the promise gets the result, or what went wrong. */
  call(method, params) {
    if (this.#ended) return Promise.reject(new Error(this.#ended));
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject }); // before the post: the answer may be quicker than its return
      try {
        this.#port.post({ id, method, params });
      } catch (error) {
        this.#take(id)?.reject(error);
      }
    });
  }

  /** Hand the data of every such event to `listener`. */
  on(event, listener) {
    if (!this.#listeners.has(event)) this.#listeners.set(event, []);
    this.#listeners.get(event).push(listener);
  }

  /** Fail what is pending, and ask nothing any more. */
  close() {
    this.#end('the client was closed');
  }

  #receive(message) {
    if ('event' in message) {
      for (const listener of [...(this.#listeners.get(message.event) ?? [])]) listener(message.data);
    } else if ('error' in message) {
      const { error } = message;
      this.#take(message.id)?.reject(new Error(error?.message ?? String(error)));
    } else if ('result' in message) {
      this.#take(message.id)?.resolve(message.result);
    }
  }

  /** A pending call, which is no longer pending then; undefined for a duplicate, or an id that was never sent. */
  #take(id) {
    const call = this.#pending.get(id);
    this.#pending.delete(id);
    return call;
  }

  #end(why) {
    this.#ended ??= why;
    const left = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of left) reject(new Error(this.#ended));
  }
}
