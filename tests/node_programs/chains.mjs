// Chains of things put off: [[what, …], …], each a number of milliseconds, or 0 for an immediate. What a chain does
// next it puts off when the last is done. `order` takes down which chain went, one after the other.
export function chains({ order }, me, chains) {
  chains.forEach((steps, chain) => {
    const next = (at) => {
      if (at === steps.length) return;
      const act = () => {
        order[++order[0]] = chain + 1;
        next(at + 1);
      };
      if (steps[at] === 0) setImmediate(act);
      else setTimeout(act, steps[at]);
    };
    next(0);
  });
}

/** Each chain awaits so many promises that are settled, then takes down that it went. */
export async function awaiting({ order }, me, hops) {
  const chain = async (count, number) => {
    for (let i = 0; i < count; i++) await null;
    order[++order[0]] = number + 1;
  };
  await Promise.all(hops.map(chain));
}

/** Each chain awaits one thing after the other: so many milliseconds, or nothing (0), and takes down that it went on. */
export async function pausing({ order }, me, chains) {
  const chain = async (pauses, number) => {
    for (const ms of pauses) {
      await (ms ? new Promise((go) => setTimeout(go, ms)) : null);
      order[++order[0]] = number + 1;
    }
  };
  await Promise.all(chains.map(chain));
}
