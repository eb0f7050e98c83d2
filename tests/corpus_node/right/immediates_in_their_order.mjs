// {"threads": ["run"], "memory": {"order": [0, 0, 0, 0, 0]}, "check": "order == [4, 1, 2, 3, 4]"}
export function run({ order }) {
  const note = (who) => () => { order[++order[0]] = who; };
  setImmediate(() => {
    note(1)();
    process.nextTick(note(2));
  });
  setImmediate(() => {
    note(3)();
    queueMicrotask(note(4));
  });
}
