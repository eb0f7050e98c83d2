// {"memory": {"shown": [0]}, "check": "shown[0] == 2"}
export async function run({ shown }, answer) {
  const search = async (number) => {
    shown[0] = await answer(number);
  };
  await Promise.all([search(1), search(2)]);
}
