// {"threads": ["run"], "memory": {"c": [0]}, "check": "c[0] == 5"}
// The streams of the web put off a part of their work by immediates of Node's own.
export async function run({ c }) {
  const count = async (text) => {
    const pieces = new Blob([text]).stream().getReader();
    for (let piece; !(piece = await pieces.read()).done; ) c[0] += piece.value.length;
  };
  await Promise.all([count('abc'), count('de')]);
}
