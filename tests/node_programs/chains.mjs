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
