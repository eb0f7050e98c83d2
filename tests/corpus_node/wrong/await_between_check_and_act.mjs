// {"threads": ["run"], "memory": {"seats": [1]}, "check": "seats[0] >= 0", "kind": "check"}
const priceOf = async () => 5;
export async function run({ seats }) {
  const book = async () => {
    if (seats[0] > 0) {
      await priceOf();
      seats[0]--;
    }
  };
  await book().then(book);
  seats[0]++;
  await Promise.all([book(), priceOf().then(priceOf).then(priceOf).then(book)]);
}
