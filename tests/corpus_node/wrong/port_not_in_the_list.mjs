// {"threads": ["run"], "memory": {"unused": [0]}, "check": "True", "kind": "exception"}
export function run() {
  const outer = new MessageChannel();
  const inner = new MessageChannel();
  outer.port1.postMessage({ port: inner.port2 }, []);
}
