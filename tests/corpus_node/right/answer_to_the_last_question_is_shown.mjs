// {"threads": ["a"], "memory": {"shown": [0]}, "check": "shown == [2]"}
const fetchIt = (q, ms) => new Promise((r) => setTimeout(r, ms, q));
export async function a({ shown }) {
  let last = 0;
  const ask = async (q, ms) => {
    const mine = ++last;
    const got = await fetchIt(q, ms);
    if (mine === last) shown[0] = got;
  };
  const one = ask(1, 20);
  await new Promise((r) => setTimeout(r, 5));
  const two = ask(2, 20);
  await Promise.all([one, two]);
}
