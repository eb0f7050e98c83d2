// Two doors, one counter of visitors. Each door counts the visitor who comes through it.

export const memory = { visitors: [0] };
export const threads = [['door'], ['door']];

export function door({ visitors }) {
  const seen = visitors[0];
  visitors[0] = seen + 1;
}
