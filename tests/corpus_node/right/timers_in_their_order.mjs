// {"threads": ["run"], "memory": {"order": [0, 0, 0, 0, 0]}, "check": "order == [4, 1, 2, 3, 4]"}
export function run({ order }) {
  const note = (who) => () => { order[++order[0]] = who; };
  setTimeout(note(3), 10);
  setTimeout(note(2), 5);
  setTimeout(() => {
    note(1)();
    setTimeout(note(4), 10);
  }, 3);
}
