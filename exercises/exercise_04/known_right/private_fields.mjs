// Two maps in private fields: the calls by number, the listeners by event.
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
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      this.#pending.set(id, { resolve, reject });
      try {
        this.#port.post({ id, method, params });
      } catch (error) {
        this.#pending.delete(id);
        reject(error);
      }
    });
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
