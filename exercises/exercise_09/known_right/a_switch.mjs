// Every value is read once, the ordinary way, after a look whether it is an accessor; a switch knows the fields.
export function accept(raw) {
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw) || raw instanceof Map) throw new TypeError('no message');
  const clean = {};
  for (const key of Reflect.ownKeys(raw)) {
    const { get, set } = Reflect.getOwnPropertyDescriptor(raw, key) ?? {};
    if (get || set) throw new TypeError(`${String(key)} is no value`);
    const value = raw[key];
    let fits = false;
    switch (key) {
      case 'type':
        fits = value === 'transfer';
        break;
      case 'from':
      case 'to':
        fits = typeof value === 'string' && value !== '' && !/[^a-zA-Z\d-]/.test(value) && value.length <= 32;
        break;
      case 'amount':
        fits = Number.isSafeInteger(value) && Math.min(Math.max(value, 1), 1e6) === value;
        break;
      case 'note':
        fits = typeof value === 'string' && (value.length <= 140 || [...value.slice(0, 300)].length <= 140);
    }
    if (!fits) throw new RangeError(`${String(key)} cannot be taken`);
    clean[key] = value;
  }
  const missing = ['type', 'from', 'to', 'amount'].filter((key) => !Object.hasOwn(clean, key));
  if (missing.length) throw new TypeError(`missing: ${missing}`);
  return clean;
}
