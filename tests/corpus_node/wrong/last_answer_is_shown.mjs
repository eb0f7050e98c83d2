// {"threads": ["a"], "memory": {"shown": [0]}, "check": "shown == [2]", "kind": "check"}
// the answer that comes last is shown, not the one that was asked last
const fetchIt = (q, ms) => new Promise((r) => setTimeout(r, ms, q));
export async function a({ shown }) {
  const ask = async (q, ms) => {
    shown[0] = await fetchIt(q, ms);
  };
  const one = ask(1, 20);
  await new Promise((r) => setTimeout(r, 5));
  const two = ask(2, 20);
  await Promise.all([one, two]);
}
