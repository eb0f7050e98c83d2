// {"threads": ["run"], "memory": {"order": [0, 0, 0]}, "check": "order == [2, 1, 2]", "kind": "check"}
export function run({ order }) {
  const note = (who) => {
    const { port1, port2 } = new MessageChannel();
    port2.onmessage = () => { order[++order[0]] = who; };
    port1.postMessage(null);
  };
  note(1);
  note(2);
}
