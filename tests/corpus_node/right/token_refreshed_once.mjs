// {"threads": ["run"], "memory": {"refreshed": [0]}, "check": "refreshed == [1]"}
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
export async function run({ refreshed }) {
  let refreshing = null;
  const refresh = async () => {
    await pause(20);
    refreshed[0]++;
    return 'fresh';
  };
  const request = () => (refreshing ??= refresh());
  await Promise.all([request(), request(), request()]);
}
