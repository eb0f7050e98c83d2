// {"threads": ["tell"], "memory": {"c": [0]}, "check": "True", "reason": "BroadcastChannel, and threads or ports of its own cannot be put in an order (line 4)"}
export function tell({ c }) {
  c[0] = 1;
  const channel = new BroadcastChannel('news');
  channel.postMessage(c[0]);
}
