// {"threads": ["worker", "worker"], "memory": {"c": [0, 0]}, "check": "c == [0, 2]", "kind": "check"}
export function worker({ c }) {
  const view = new DataView(c.buffer);
  view.setInt32(4, view.getInt32(4, true) + 1, true);
}
