// {"threads": ["worker"], "memory": {"c": [0]}, "check": "True", "reason": "MessageChannel"}
export function worker() {
  new MessageChannel();
}
