// {"memory": {"sum": [0]}, "check": "sum[0] == 3"}
export async function run({ sum }, answer) {
  const add = async (number) => {
    await answer();
    const given = await answer(number);
    sum[0] += given;
  };
  await Promise.all([add(1), add(2)]);
}
