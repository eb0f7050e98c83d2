// Proxies are refused altogether; everything else is looked at by its descriptors alone, and comes out without a prototype.
import { types } from 'node:util';

class Refused extends RangeError {
  constructor(field, why) {
    super(`${JSON.stringify(field)} ${why}`);
    this.field = field;
  }
}

const isName = (text) => /^[-0-9A-Z]+$/i.test(text) && text.length <= 32;
const RULES = Object.assign(Object.create(null), {
  type: (value) => Object.is(value, 'transfer'),
  from: (value) => typeof value === 'string' && isName(value),
  to: (value) => typeof value === 'string' && isName(value),
  amount: (value) => typeof value === 'number' && value % 1 === 0 && value > 0 && value < 1_000_001,
  note: (value) => typeof value === 'string' && Array.from(value).length < 141,
});

export function accept(raw) {
  if (Object(raw) !== raw || types.isProxy(raw) || Array.isArray(raw) || types.isMap(raw)) throw new RangeError('no message');
  const descriptors = Object.getOwnPropertyDescriptors(raw);
  const clean = Object.create(null);
  for (const key of Reflect.ownKeys(descriptors)) {
    if (!(key in RULES)) throw new Refused(String(key), 'is unknown');
    const { get, set, value } = descriptors[key];
    if (get || set || !RULES[key](value)) throw new Refused(key, 'is wrong');
    clean[key] = value;
  }
  for (const key in RULES) if (!(key in clean) && key !== 'note') throw new Refused(key, 'is missing');
  return clean;
}
