// {"threads": ["run"], "memory": {"total": [0]}, "check": "total == [3]", "kind": "check"}
const fetched = async (n) => n;
export async function run({ total }) {
  const add = async (n) => {
    total[0] += await fetched(n);
  };
  await Promise.all([add(1), add(2)]);
}
