// Message channels within a thread: a message is delivered in a turn of its own, each port's in their order.
import { createRequire } from 'node:module';
import { define } from './define.mjs';
import { callOff, putOff } from './events.mjs';

const require = createRequire(import.meta.url);

class Port extends EventTarget {
  peer = null;
  messages = []; // that were sent to it and not received: [value, what delivers it or null]
  started = false;
  handler = null;
  listeners = new Map(); // of on(name, listener): listener → what is registered for it

  postMessage(value, transfer) {
    const copy = structuredClone(value, Array.isArray(transfer) ? { transfer } : transfer);
    if (!this.peer) return;
    this.peer.messages.push([copy, null]);
    if (this.peer.started) this.peer.deliver();
  }

  /** See to it that what has come is delivered. */
  deliver() {
    for (const message of this.messages) {
      if (message[1]) continue;
      message[1] = putOff('message', () => {
        this.messages.splice(this.messages.indexOf(message), 1);
        this.dispatchEvent(new MessageEvent('message', { data: message[0] }));
      }, { queue: this });
    }
  }

  start() {
    this.started = true;
    this.deliver();
  }

  close() {
    for (const side of [this, this.peer]) {
      if (!side?.peer) continue;
      side.peer = null;
      putOff('message', () => side.dispatchEvent(new Event('close')), { queue: side });
    }
  }

  receive() {
    const message = this.messages.shift();
    if (!message) return undefined;
    if (message[1]) callOff(message[1]);
    return { message: message[0] };
  }

  set onmessage(handler) {
    if (this.handler) this.removeEventListener('message', this.handler);
    this.handler = handler;
    if (handler) this.addEventListener('message', handler);
    this.start();
  }

  get onmessage() {
    return this.handler;
  }

  on(name, listener, options) {
    const registered = (event) => Reflect.apply(listener, this, name === 'message' ? [event.data] : []);
    this.listeners.set(listener, registered);
    super.addEventListener(name, registered, options);
    if (name === 'message') this.start();
    return this;
  }

  once(name, listener) {
    return this.on(name, listener, { once: true });
  }

  off(name, listener) {
    super.removeEventListener(name, this.listeners.get(listener) ?? listener);
    return this;
  }

  addListener(name, listener) {
    return this.on(name, listener);
  }

  removeListener(name, listener) {
    return this.off(name, listener);
  }

  ref() {}

  unref() {}
}

class Channel {
  constructor() {
    this.port1 = new Port();
    this.port2 = new Port();
    this.port1.peer = this.port2;
    this.port2.peer = this.port1;
  }
}

/** Replace the channels of this realm. */
export function installPorts() {
  const threads = require('node:worker_threads');
  for (const module of [globalThis, threads]) {
    define(module, 'MessageChannel', Channel);
    define(module, 'MessagePort', Port);
  }
  threads.receiveMessageOnPort = (port) => port.receive();
}
