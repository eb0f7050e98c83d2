// One of two workers has crashed, and a new one takes its place, unless the server stops. Just now it is told to.

export const memory = { stopping: [0], workers: [1] };
export const threads = [['replace'], ['drain']];

export function replace({ stopping, workers }) {
  if (Atomics.load(stopping, 0) === 0) {
    Atomics.add(workers, 0, 1);
  }
}

export function drain({ stopping, workers }) {
  Atomics.store(stopping, 0, 1);
  Atomics.store(workers, 0, 0); // all that there are were told to end
}
