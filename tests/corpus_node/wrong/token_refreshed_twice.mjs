// {"threads": ["run"], "memory": {"refreshed": [0]}, "check": "refreshed == [1]", "kind": "check"}
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
export async function run({ refreshed }) {
  let token = null;
  const refresh = async () => {
    await pause(20);
    refreshed[0]++;
    return 'fresh';
  };
  const request = async () => {
    if (!token) token = await refresh();
    return token;
  };
  await Promise.all([request(), request(), request()]);
}
