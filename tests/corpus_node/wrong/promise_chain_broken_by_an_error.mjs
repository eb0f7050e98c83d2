// {"threads": ["a"], "memory": {"n": [0]}, "check": "n == [1]", "kind": "check"}
// mutex by promise chain: a failing section breaks the chain for those behind
let tail = Promise.resolve();
const locked = (work) => (tail = tail.then(work));
export async function a({ n }) {
  tail = Promise.resolve();
  const jobs = [
    async () => {
      await null;
      throw new Error('no');
    },
    async () => {
      await null;
      n[0]++;
    },
  ];
  await Promise.allSettled(jobs.map(locked));
}
