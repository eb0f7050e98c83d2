// A clock shows hours and minutes. At 9:59 one thread moves it on by a minute, and another looks at it.

export const memory = { clock: [9, 59] };
export const threads = [['tick'], ['look']];

export function tick({ clock }) {
  clock[0] = 10;
  clock[1] = 0;
}

export function look({ clock }) {
  const hours = clock[0];
  const minutes = clock[1];
  return hours * 100 + minutes;
}
