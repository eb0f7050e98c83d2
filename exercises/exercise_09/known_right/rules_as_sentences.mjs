// A table of predicates and sentences; an error ends with the text that would have been allowed.
const RULES = {
  __proto__: null,
  type: [(value) => value === 'transfer', 'must be transfer'],
  from: [isName, 'must be a name'],
  to: [isName, 'must be a name'],
  amount: [(value) => Number.isInteger(value) && value > 0 && value <= 1e6, 'must be between 1 and 1000000'],
  note: [(value) => typeof value === 'string' && Array.from(value).length <= 140, 'must be a short text'],
};

function isName(value) {
  return typeof value === 'string' && /^[-0-9A-Za-z]{1,32}$/.test(value);
}

function refuse(field, sentence) {
  throw new TypeError(`${String(field)} ${sentence}`);
}

export const accept = (raw) => {
  if (typeof raw !== 'object' || !raw || Array.isArray(raw) || raw instanceof Map) throw new TypeError('no message');
  const values = Reflect.ownKeys(raw).map((key) => {
    if (!(key in RULES)) refuse(key, 'is unknown');
    const descriptor = Reflect.getOwnPropertyDescriptor(raw, key);
    if (!descriptor || !('value' in descriptor)) refuse(key, 'must be a value');
    if (!RULES[key][0](descriptor.value)) refuse(key, RULES[key][1]);
    return [key, descriptor.value];
  });
  const clean = Object.fromEntries(values);
  for (const key of Object.keys(RULES)) if (key !== 'note' && !Object.hasOwn(clean, key)) refuse(key, 'is missing');
  return clean;
};
