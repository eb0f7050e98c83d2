// {"memory": {"paid": [0]}, "check": "paid[0] == 1"}
export async function run({ paid }, answer) {
  const charge = async () => {
    await answer();
    paid[0]++;
    return true;
  };
  const first = charge();
  const late = answer(false);
  if (!(await Promise.race([first, late]))) await charge();
  await first;
}
