// A sender puts width and height into a shared buffer, says so, and uses it again for the next picture.

export const memory = { full: [0], buffer: [0, 0] };
export const threads = [['sender'], ['receiver']];

export function sender({ full, buffer }) {
  buffer[0] = 4;
  buffer[1] = 3;
  Atomics.store(full, 0, 1);
  buffer[0] = 16;
  buffer[1] = 9;
}

export function receiver({ full, buffer }) {
  if (Atomics.load(full, 0) === 1) {
    return [buffer[0], buffer[1]];
  }
  return null;
}
