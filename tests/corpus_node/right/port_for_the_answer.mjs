// {"threads": ["run"], "memory": {"answer": [0]}, "check": "answer == [3]"}
export async function run({ answer }) {
  const { port1, port2 } = new MessageChannel();
  port2.onmessage = ({ data, ports: [back] }) => back.postMessage(data + 1);
  answer[0] = await new Promise((go) => {
    const own = new MessageChannel();
    own.port1.onmessage = ({ data }) => {
      own.port1.close();
      go(data);
    };
    port1.postMessage(2, [own.port2]);
  });
  port1.close();
}
