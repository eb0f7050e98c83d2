// belief: what post throws is for the caller to catch
// fails: post_raises
// says: `call` raised too

// The caller gets no promise, and the call stays pending for ever.

export class RpcClient {
  #port;
  #lastId = 0;
  #pending = new Map();
  #listeners = new Map();
  #ended = null;

  constructor(port) {
    this.#port = port;
    port.on('message', (message) => this.#receive(message));
    port.on('error', (error) => this.#end(error));
    port.on('exit', (code) => this.#end(new Error(`exit code ${code}`)));
  }

  call(method, params) {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#lastId;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#port.post({ id, method, params });
    return answer;
  }

  on(event, listener) {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
  }

  close() {
    this.#end(new Error('closed'));
  }

  #receive(message) {
    if ('event' in message) {
      for (const listener of this.#listeners.get(message.event) ?? []) listener(message.data);
      return;
    }
    const call = this.#pending.get(message.id);
    if (!call) return;
    this.#pending.delete(message.id);
    if ('error' in message) call.reject(new Error(message.error?.message ?? String(message.error)));
    else call.resolve(message.result);
  }

  #end(why) {
    this.#ended ??= why;
    for (const { reject } of this.#pending.values()) reject(this.#ended);
    this.#pending.clear();
  }
}
