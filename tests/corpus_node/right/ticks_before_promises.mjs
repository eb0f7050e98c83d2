// {"threads": ["run"], "memory": {"order": [0, 0, 0, 0, 0, 0, 0, 0, 0]}, "check": "order == [8, 1, 2, 1, 2, 1, 2, 3, 4]"}
export async function run({ order }) {
  const note = (who) => { order[++order[0]] = who; };
  const both = (done) => () => {
    Promise.resolve().then(() => { note(2); done?.(); });
    process.nextTick(note, 1);
  };
  await new Promise((done) => setImmediate(both(done)));
  await new Promise((done) => setTimeout(both(done), 1));
  const { port1, port2 } = new MessageChannel();
  await new Promise((done) => {
    port2.onmessage = both(done);
    port1.postMessage(null);
  });
  port1.close();
  await null;
  process.nextTick(note, 4); // called from a microtask: those that wait go first
  await Promise.resolve().then(() => note(3));
  await new Promise((done) => setImmediate(done));
}
