// {"threads": ["run"], "memory": {"order": [0, 0, 0]}, "check": "order == [2, 1, 2]", "kind": "check"}
export function run({ order }) {
  const note = (who) => () => { order[++order[0]] = who; };
  setTimeout(note(2), 0);
  setImmediate(note(1));
}
