// {"threads": ["run"], "memory": {"c": [0]}, "check": "c[0] == 5", "kind": "check"}
export async function run({ c }) {
  const count = async (text) => {
    const pieces = new Blob([text]).stream().getReader();
    const before = c[0];
    for (let piece; !(piece = await pieces.read()).done; ) c[0] = before + piece.value.length;
  };
  await Promise.all([count('abc'), count('de')]);
}
