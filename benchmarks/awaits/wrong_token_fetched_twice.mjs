// {"memory": {"fetched": [0]}, "check": "fetched[0] == 1"}
export async function run({ fetched }, answer) {
  let token = null;
  const request = async () => {
    await answer();
    if (token === null) token = await answer(++fetched[0]);
  };
  await Promise.all([request(), request()]);
}
