// {"threads": ["run"], "memory": {"inside": [0], "most": [0]}, "check": "most == [1] and inside == [0]"}
export async function run({ inside, most }) {
  let tail = Promise.resolve();
  const locked = (work) => {
    const mine = tail.then(work);
    tail = mine.catch(() => {});
    return mine;
  };
  const work = async () => {
    inside[0]++;
    most[0] = Math.max(most[0], inside[0]);
    await null;
    inside[0]--;
  };
  await Promise.all([locked(work), locked(work), locked(work)]);
}
