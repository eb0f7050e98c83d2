// {"threads": ["run"], "memory": {"inside": [0], "most": [0]}, "check": "most == [1]", "kind": "check"}
export async function run({ inside, most }) {
  let tail = Promise.resolve();
  const locked = async (work) => {
    await tail;
    tail = work();
    await tail;
  };
  const work = async () => {
    inside[0]++;
    most[0] = Math.max(most[0], inside[0]);
    await null;
    inside[0]--;
  };
  await Promise.all([locked(work), locked(work)]);
}
