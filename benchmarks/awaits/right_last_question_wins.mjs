// {"memory": {"shown": [0]}, "check": "shown[0] == 2"}
export async function run({ shown }, answer) {
  let asked = 0;
  const search = async (number) => {
    asked = number;
    const found = await answer(number);
    if (asked === number) shown[0] = found;
  };
  await Promise.all([search(1), search(2)]);
}
