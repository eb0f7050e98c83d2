// Exercise 9: the door that lets only clean messages in. README.md says what it must refuse, and how.

/** A clean message, made of a raw one; a TypeError or a RangeError for whatever is not a good one. */
export function accept(raw) {
  throw new Error('not written yet: accept', { cause: 'unwritten' });
}
