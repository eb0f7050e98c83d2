// {"memory": {"sum": [0]}, "check": "sum[0] == 3"}
export async function run({ sum }, answer) {
  const add = async (number) => {
    await answer();
    sum[0] = sum[0] + (await answer(number));
  };
  await Promise.all([add(1), add(2)]);
}
