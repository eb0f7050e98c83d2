// {"threads": ["run"], "memory": {"paid": [0]}, "check": "paid == [1]", "kind": "check"}
export async function run({ paid }) {
  const charge = () => new Promise((done) => setTimeout(() => done(paid[0]++), 30));
  const timeOut = () => new Promise((_, fail) => setTimeout(() => fail(new Error('too slow')), 20));
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await Promise.race([charge(), timeOut()]);
      return;
    } catch {
      // once more
    }
  }
}
