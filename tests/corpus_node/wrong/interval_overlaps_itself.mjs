// {"threads": ["a"], "memory": {"most": [0]}, "check": "most[0] < 2", "kind": "check"}
// a job each 20 ms, that may take longer: two at once
export async function a({ most }) {
  let now = 0,
    runs = 0;
  await new Promise((go) => {
    const t = setInterval(async () => {
      now++;
      most[0] = Math.max(most[0], now);
      await new Promise((r) => setTimeout(r, 15));
      now--;
      if (++runs === 2) {
        clearInterval(t);
        go();
      }
    }, 20);
  });
}
