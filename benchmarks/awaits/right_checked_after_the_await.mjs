// {"memory": {"balance": [100]}, "check": "balance[0] >= 0"}
export async function run({ balance }, answer) {
  const withdraw = async (amount, hops) => {
    for (let hop = 0; hop < hops; hop++) await null;
    await null;
    if (balance[0] >= amount) balance[0] -= amount;
  };
  await Promise.all([withdraw(80, 0), withdraw(80, 5)]);
}
