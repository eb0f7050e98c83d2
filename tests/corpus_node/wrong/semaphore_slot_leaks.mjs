// {"threads": ["run"], "memory": {"done": [0]}, "check": "done == [1]", "kind": "deadlock"}
export async function run({ done }) {
  let free = 1;
  const queue = [];
  const take = async () => {
    if (free > 0) free--;
    else await new Promise((go) => queue.push(go));
  };
  const give = () => (queue.length ? queue.shift()() : free++);
  const work = async (fail) => {
    await take();
    if (fail) throw new Error('no luck');
    done[0]++;
    give();
  };
  await work(true).catch(() => {});
  await work(false);
}
