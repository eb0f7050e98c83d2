// A door with a list of what may come in: each field read once, checked, and put into a new object.

const NAME = /^[A-Za-z0-9-]{1,32}$/;

// A RegExp turns what it is given into a text, so an array or a number could pass: ask for the type first.
const isName = (value) => typeof value === 'string' && NAME.test(value);
const isAmount = (value) => Number.isInteger(value) && value >= 1 && value <= 1_000_000;
const isNote = (value) => typeof value === 'string' && [...value].length <= 140; // code points, not halves of them

// What may come in, and what to say where it does not fit. The value itself is never said.
const FIELDS = new Map([
  ['type', { fits: (value) => value === 'transfer', rule: 'must be `transfer`' }],
  ['from', { fits: isName, rule: 'must be 1 to 32 letters, digits or -' }],
  ['to', { fits: isName, rule: 'must be 1 to 32 letters, digits or -' }],
  ['amount', { fits: isAmount, rule: 'must be a whole number from 1 to 1,000,000' }],
  ['note', { fits: isNote, rule: 'must be a text of at most 140 characters', optional: true }],
]);

/** A clean message, made of a raw one; throws a TypeError that names the field that is wrong. */
export function accept(raw) {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || raw instanceof Map) {
    throw new TypeError('a message must be an object');
  }
  const read = new Map();
  for (const key of Reflect.ownKeys(raw)) { // all of them: symbols, and what is not enumerable, too
    if (!FIELDS.has(key)) throw new TypeError(`unknown field: ${String(key)}`);
    const property = Reflect.getOwnPropertyDescriptor(raw, key); // unlike raw[key], this calls no getter
    if (!property || !Object.hasOwn(property, 'value')) throw new TypeError(`${key} must be a plain value`);
    read.set(key, property.value);
  }
  const clean = {};
  for (const [field, { fits, rule, optional }] of FIELDS) {
    if (!read.has(field)) {
      if (!optional) throw new TypeError(`${field} is missing`);
      continue;
    }
    if (!fits(read.get(field))) throw new TypeError(`${field} ${rule}`);
    clean[field] = read.get(field);
  }
  return clean;
}
