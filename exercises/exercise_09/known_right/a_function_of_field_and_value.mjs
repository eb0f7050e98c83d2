// A list of fields, and one function that says whether a value fits its field.
const NAME = /^[A-Za-z0-9-]{1,32}$/;
const FIELDS = ['type', 'from', 'to', 'amount', 'note'];

function fits(field, value) {
  if (field === 'type') return value === 'transfer';
  if (field === 'amount') return Number.isInteger(value) && value >= 1 && value <= 1_000_000;
  if (field === 'note') return typeof value === 'string' && [...value].length <= 140;
  return typeof value === 'string' && NAME.test(value);
}

export function accept(raw) {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw) || raw instanceof Map) {
    throw new TypeError('a message must be an object');
  }
  const read = {};
  for (const key of Reflect.ownKeys(raw)) {
    if (!FIELDS.includes(key)) throw new TypeError(`unknown field: ${String(key)}`);
    const property = Object.getOwnPropertyDescriptor(raw, key);
    if (!property || !Object.hasOwn(property, 'value')) throw new TypeError(`${key} must be a value`);
    read[key] = property.value;
  }
  for (const field of FIELDS.slice(0, 4)) {
    if (!Object.hasOwn(read, field)) throw new TypeError(`${field} is missing`);
  }
  for (const [field, value] of Object.entries(read)) {
    if (!fits(field, value)) throw new TypeError(`${field} does not fit`);
  }
  return read;
}
