// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]", "kind": "deadlock"}
export async function run({ done }) {
  const { port1, port2 } = new MessageChannel();
  port2.on('message', (n) => {
    port2.close();
    port2.postMessage(n + 1);
  });
  done[0] = await new Promise((go) => {
    port1.on('message', go);
    port1.postMessage(0);
  });
}
