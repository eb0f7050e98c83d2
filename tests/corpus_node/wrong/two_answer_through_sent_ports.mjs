// {"threads": ["run"], "memory": {"order": [0, 0, 0]}, "check": "order == [2, 1, 2]", "kind": "check"}
export async function run({ order }) {
  const asked = new MessageChannel();
  const ask = (who) =>
    new Promise((go) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => go((order[++order[0]] = data));
      asked.port1.postMessage(who, [port2]);
    });
  asked.port2.onmessage = async ({ data, ports: [back] }) => {
    await null;
    back.postMessage(data);
  };
  await Promise.all([ask(1), ask(2)]);
  asked.port1.close();
}
