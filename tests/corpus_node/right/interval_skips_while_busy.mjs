// {"threads": ["a"], "memory": {"most": [0]}, "check": "most[0] < 2"}
export async function a({ most }) {
  let now = 0,
    runs = 0,
    busy = false;
  await new Promise((go) => {
    const t = setInterval(async () => {
      if (busy) return;
      busy = true;
      now++;
      most[0] = Math.max(most[0], now);
      await new Promise((r) => setTimeout(r, 15));
      now--;
      busy = false;
      if (++runs === 2) {
        clearInterval(t);
        go();
      }
    }, 20);
  });
}
