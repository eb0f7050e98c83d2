// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]", "kind": "deadlock"}
// Who gives up waiting stays in the line: the place is handed to nobody, and the next one waits for ever.
export async function run({ done }) {
  let taken = true;
  const line = [];
  const take = (signal) =>
    new Promise((go, fail) => {
      signal?.addEventListener('abort', () => fail(signal.reason));
      if (taken) line.push(go);
      else {
        taken = true;
        go();
      }
    });
  const give = () => {
    const next = line.shift();
    if (next) next();
    else taken = false;
  };
  const controller = new AbortController();
  const first = take(controller.signal).catch(() => {});
  const second = take();
  controller.abort();
  await first;
  give();
  await second;
  done[0] = 1;
}
