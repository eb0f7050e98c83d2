// {"threads": ["run"], "memory": {"seats": [1]}, "check": "seats == [0]"}
const priceOf = async () => 5;
export async function run({ seats }) {
  const book = async () => {
    await priceOf();
    if (seats[0] > 0) seats[0]--;
  };
  await Promise.all([book(), book(), priceOf().then(book)]);
}
