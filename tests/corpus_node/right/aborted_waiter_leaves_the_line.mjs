// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]"}
export async function run({ done }) {
  let taken = true;
  const line = [];
  const take = (signal) =>
    new Promise((go, fail) => {
      signal?.addEventListener('abort', () => {
        line.splice(line.indexOf(go), 1);
        fail(signal.reason);
      });
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
