// {"threads": ["a"], "memory": {"n": [0]}, "check": "n == [3]"}
let tail = Promise.resolve();
const locked = (work) => {
  const mine = tail.then(work);
  tail = mine.catch(() => {});
  return mine;
};
export async function a({ n }) {
  tail = Promise.resolve();
  const add = async () => {
    const x = n[0];
    await null;
    n[0] = x + 1;
  };
  await Promise.all([locked(add), locked(add), locked(add)]);
}
