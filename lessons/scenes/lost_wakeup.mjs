// The guest waits until the meal is ready. The cook rings when it is.

export const memory = { ready: [0], bell: [0] };
export const threads = [['guest'], ['cook']];

export function guest({ ready, bell }) {
  if (Atomics.load(ready, 0) === 0) {
    Atomics.wait(bell, 0, 0);
  }
}

export function cook({ ready, bell }) {
  Atomics.store(ready, 0, 1);
  Atomics.notify(bell, 0);
}
