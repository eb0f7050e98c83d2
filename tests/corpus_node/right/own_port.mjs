// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True"}
export function worker() {
  new MessageChannel();
}
