// Three messages are sent through a port. What does each way of listening hear, and when?
//
//     node lessons/lesson_04/listeners.mjs
import { once } from 'node:events';
import { MessageChannel, receiveMessageOnPort, threadId } from 'node:worker_threads';
import { params, row } from '../reporter.mjs';

const SENT = ['a', 'b', 'c'];

/** What a listener was called with: a value, or an event with the value in it. */
const kind = (got) => (typeof got === 'string' ? 'the value' : `a ${got.constructor.name}, value in .data`);

/** Send three messages to a port on which `listen` was called; tell what its listener got. */
// region three messages to a listener
async function measure(variant, listen) {
  const { port1, port2 } = new MessageChannel();
  const got = [];
  listen(port1, (message) => got.push(message));
  for (const message of SENT) port2.postMessage(message);
  const atOnce = got.length; // before the loop has had a turn // <-
  await new Promise((resolve) => setTimeout(resolve, 20));
  tell(variant, got, atOnce);
  port1.close();
}
// endregion

function tell(variant, got, atOnce) {
  row({ variant, threads: [threadId], sent: SENT.length, heard: got.length, at_once: atOnce, gets: got.length ? kind(got[0]) : 'nothing' });
}

/** Ask a port, without any event and without waiting. */
function ask(variant) {
  const { port1, port2 } = new MessageChannel();
  for (const message of SENT) port2.postMessage(message);
  const got = [];
  for (let found; (found = receiveMessageOnPort(port1)); ) got.push(found.message);
  tell(variant, got, got.length);
  port1.close();
}

/** Two channels of one name listen; a third one sends. */
async function broadcast(variant) {
  const [sender, ...others] = [1, 2, 3].map(() => new BroadcastChannel(variant));
  const got = [];
  for (const other of others) other.onmessage = (message) => got.push(message);
  for (const message of SENT) sender.postMessage(message);
  const atOnce = got.length;
  await new Promise((resolve) => setTimeout(resolve, 20));
  tell(variant, got, atOnce);
  for (const channel of [sender, ...others]) channel.close();
}

params({});
await measure("port.on('message')", (port, listener) => port.on('message', listener));
await measure("port.once('message')", (port, listener) => port.once('message', listener));
await measure('await once(port)', async (port, listener) => listener((await once(port, 'message'))[0]));
await measure('port.onmessage', (port, listener) => { port.onmessage = listener; });
await measure('port.addEventListener', (port, listener) => port.addEventListener('message', listener));
await measure('nobody listens', () => {});
ask('receiveMessageOnPort');
await broadcast('BroadcastChannel, two listen');
