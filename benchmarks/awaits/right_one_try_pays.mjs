// {"memory": {"paid": [0]}, "check": "paid[0] == 1"}
export async function run({ paid }, answer) {
  const charged = new Set();
  const charge = async (key) => {
    await answer();
    if (charged.has(key)) return true;
    charged.add(key);
    paid[0]++;
    return true;
  };
  const first = charge('order 1');
  const late = answer(false);
  if (!(await Promise.race([first, late]))) await charge('order 1');
  await first;
}
