// Message channels within a thread: a message is delivered in a turn of its own, each port's in their order.
import { createRequire } from 'node:module';
import { define } from './define.mjs';
import { callOff, putOff } from './events.mjs';

const require = createRequire(import.meta.url);
const Emitting = Object.getPrototypeOf(MessagePort.prototype).constructor; // what Node's own ports are derived from
const clone = structuredClone;
const kindOf = Object.prototype.toString;

class Port extends Emitting {
  peer = null;
  messages = []; // that were sent to it and not received: [value, what delivers it or null, the ports that came with it]
  started = false;
  detached = false; // it was sent away, or closed
  handler = null;
  unlisted = Symbol('MessagePort that is not in the transfer list'); // so a copy of it is refused
  listeners = new Map(); // of on(name, listener): name → listener → what is registered for it

  postMessage(value, transfer) {
    const listed = Array.isArray(transfer) ? transfer : (transfer?.transfer ?? []);
    if (listed.includes(this)) throw refused('Transfer list contains source port');
    const [copy, ports] = sent(value, listed);
    if (!this.peer) return;
    this.peer.messages.push([copy, null, ports]);
    if (this.peer.started) this.peer.deliver();
  }

  /** A port of its own, which stands at the other end from now on: this one was sent there. */
  move() {
    const moved = new Port();
    for (const message of this.messages) {
      if (message[1]) callOff(message[1]);
      message[1] = null;
    }
    Object.assign(moved, { peer: this.peer, messages: this.messages });
    if (this.peer) this.peer.peer = moved;
    Object.assign(this, { peer: null, messages: [], started: false, detached: true });
    return moved;
  }

  /** See to it that what has come is delivered. */
  deliver() {
    for (const message of this.messages) {
      if (message[1]) continue;
      message[1] = putOff('message', () => {
        this.messages.splice(this.messages.indexOf(message), 1);
        const event = new MessageEvent('message', { data: message[0] });
        this.dispatchEvent(Object.defineProperty(event, 'ports', { value: message[2], enumerable: true }));
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
      Object.assign(side, { peer: null, detached: true });
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
    if (!this.listeners.has(name)) this.listeners.set(name, new Map());
    const known = this.listeners.get(name);
    const registered =
      known.get(listener) ?? ((event) => Reflect.apply(listener, this, name === 'message' ? [event.data] : []));
    known.set(listener, registered);
    super.addEventListener(name, registered, options);
    if (name === 'message') this.start();
    return this;
  }

  once(name, listener) {
    return this.on(name, listener, { once: true });
  }

  off(name, listener) {
    super.removeEventListener(name, this.listeners.get(name)?.get(listener) ?? listener);
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

  hasRef() {
    return this.started && !this.detached;
  }
}

const refused = (text) => new DOMException(text, 'DataCloneError');

/** A copy of what is sent, and the ports that go with it: in the copy they stand where the sent ones stood. */
function sent(value, listed) {
  const ports = listed.filter((each) => each instanceof Port);
  if (ports.length === 0) return [clone(value, { transfer: listed }), ports];
  if (new Set(ports).size < ports.length) throw refused('Transfer list contains duplicate MessagePort');
  if (ports.some((port) => port.detached)) throw refused('MessagePort in transfer list is already detached');
  const marks = new Map(ports.map((port) => [port, {}]));
  const transfer = listed.filter((each) => !(each instanceof Port));
  const [copy, marked] = clone([swapped(value, marks), [...marks.values()]], { transfer });
  const moved = new Map(ports.map((port, i) => [marked[i], port.move()]));
  return [swapped(copy, moved), [...moved.values()]];
}

/** A copy in which other objects stand in the place of these. */
function swapped(value, others, seen = new Map(others)) {
  if (value === null || typeof value !== 'object') return value;
  if (seen.has(value)) return seen.get(value);
  const swap = (inner) => swapped(inner, others, seen);
  const keep = (made) => (seen.set(value, made), made);
  if (value instanceof Map) {
    const made = keep(new Map());
    for (const [key, inner] of value) made.set(swap(key), swap(inner));
    return made;
  }
  if (value instanceof Set) {
    const made = keep(new Set());
    for (const inner of value) made.add(swap(inner));
    return made;
  }
  if (!Array.isArray(value) && kindOf.call(value) !== '[object Object]') return value;
  const made = keep(Array.isArray(value) ? [] : {});
  for (const [name, inner] of Object.entries(value)) made[name] = swap(inner);
  return made;
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
  define(globalThis, 'structuredClone', (value, options) => sent(value, options?.transfer ?? [])[0]);
  threads.receiveMessageOnPort = (port) => port.receive();
}
