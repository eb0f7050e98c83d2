// What is done with a learner's accept: raw messages are built as corpus.json describes them, and handed over.
import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import * as exercise from 'exercise';
import { pass } from 'stateful';

export const NAMES = ['accept'];
const SECRET = 'hunter2-hunter2'; // checks.py looks for it in the text of every error

export const scenarios = {
  // each message is built afresh and handed over; the outcomes in their order
  accepting: ({ cases }) => ({ memory: {}, threads: [['acceptAll', cases]] }),
};

// Values that JSON cannot carry.
const ODD = {
  undefined: () => undefined,
  symbol: () => Symbol(SECRET),
  NaN: () => NaN,
  infinity: () => Infinity,
  'big integer': () => 250n,
  'boxed text': () => new String(SECRET),
  'boxed number': () => new Number(250),
  'looks like a text': () => ({ toString: () => SECRET }),
  'looks like a number': () => ({ valueOf: () => 250 }),
};

/** The same fields, as own ones of another object, however they are called. */
const onto = (object, fields) => Object.defineProperties(object, Object.getOwnPropertyDescriptors(fields));
const hidden = (object, key, value) => Object.defineProperty(object, key, { value, enumerable: false });

class Transfer {
  constructor(fields) {
    onto(this, fields);
  }

  get admin() {
    return SECRET;
  }
}

/** All but one of the fields are the object's own, and that one is an accessor, as `describe` makes it. */
function accessor(fields, { of }, describe, seen) {
  const { [of]: value = SECRET, ...others } = fields;
  const get = () => {
    seen.called++;
    return value;
  };
  return describe(others, of, get);
}

/**
 * A Proxy whose fields change from read to read: each gives its `changes` in turn, then the last one for ever.
 * What `appears` is there from the second time on that its keys are listed.
 */
function changing(fields, { changes = {}, appears = {} }) {
  const turns = {};
  let listed = 0;
  const own = (key) => Object.hasOwn(fields, key) || (listed > 1 && Object.hasOwn(appears, key));
  const read = (key) => {
    if (!Object.hasOwn(changes, key)) return Object.hasOwn(fields, key) ? fields[key] : appears[key];
    turns[key] = (turns[key] ?? -1) + 1;
    return changes[key][Math.min(turns[key], changes[key].length - 1)];
  };
  return new Proxy({}, {
    ownKeys: () => [...Object.keys(fields), ...(++listed > 1 ? Object.keys(appears) : [])],
    has: (target, key) => own(key) || key in target,
    get: (target, key) => (own(key) ? read(key) : target[key]),
    getOwnPropertyDescriptor: (target, key) =>
      (own(key) ? { value: read(key), writable: true, enumerable: true, configurable: true } : undefined),
  });
}

function revoked(fields) {
  const { proxy, revoke } = Proxy.revocable(fields, {});
  revoke();
  return proxy;
}

// Whole messages that JSON cannot carry, made of the fields.
const MADE = {
  reversed: (fields) => Object.fromEntries(Object.entries(fields).reverse()),
  'in itself': (fields) => Object.assign(fields, { self: fields }),
  'symbol key': (fields) => Object.assign(fields, { [Symbol('admin')]: SECRET }),
  'key that reads note': (fields) => Object.assign(fields, { [Symbol('note')]: SECRET }),
  'hidden symbol key': (fields) => hidden(fields, Symbol('admin'), SECRET),
  'hidden key': (fields) => hidden(fields, 'admin', SECRET),
  'hidden proto': (fields) => hidden(fields, '__proto__', { admin: SECRET }),
  undefined: () => undefined,
  symbol: () => Symbol(SECRET),
  'big integer': () => 73519264n,
  Map: (fields) => new Map(Object.entries(fields)),
  'Map with fields': (fields) => onto(new Map(Object.entries(fields)), fields),
  Set: (fields) => new Set(Object.keys(fields)),
  'array with fields': (fields) => onto([SECRET], fields),
  'sparse array with fields': (fields) => onto(new Array(5), fields),
  'function with fields': (fields) => onto(() => SECRET, fields),
  Promise: (fields) => Promise.resolve(fields),
  'revoked Proxy': revoked,
  'null prototype': (fields) => onto(Object.create(null), fields),
  frozen: (fields) => Object.freeze(fields),
  instance: (fields) => new Transfer(fields),
  'other realm': (fields) => runInNewContext(`JSON.parse(${JSON.stringify(JSON.stringify(fields))})`),
  'hidden amount': (fields) => hidden(fields, 'amount', fields.amount),
  'inherits admin': (fields) => onto(Object.create({ admin: SECRET }), fields),
  'inherits note': (fields) => onto(Object.create({ note: SECRET }), fields),
  'inherits amount': (fields) => onto(Object.create({ amount: 250 }), fields),
  'inherits all': (fields) => Object.create(fields),
  Proxy: (fields) => new Proxy(fields, {}),
  getter: (fields, how, seen) => accessor(fields, how, (object, key, get) =>
    Object.defineProperty(object, key, { get, enumerable: true, configurable: true }), seen),
  'hidden getter': (fields, how, seen) => accessor(fields, how, (object, key, get) =>
    Object.defineProperty(object, key, { get, configurable: true }), seen),
  setter: (fields, how, seen) => accessor(fields, how, (object, key) =>
    Object.defineProperty(object, key, { set() { seen.called++; }, enumerable: true, configurable: true }), seen),
  'inherited getter': (fields, how, seen) => accessor(fields, how, (object, key, get) =>
    onto(Object.create(Object.defineProperty({}, key, { get })), object), seen),
  changing,
};

/** The raw message of a case; `seen` counts the calls of its accessors. */
function build(one, seen) {
  if (Object.hasOwn(one, 'raw')) return one.raw;
  const fields = { ...one.fields };
  for (const [key, odd] of Object.entries(one.odd ?? {})) fields[key] = ODD[odd]();
  return one.made ? MADE[one.made](fields, one, seen) : fields;
}

/** A value as evidence: a text or a whole number as it is, anything else by its look. */
const told = (value) =>
  (typeof value === 'string' || Number.isSafeInteger(value) ? value : { odd: inspect(value).slice(0, 80) });

/** What kind of thing it is, in a word. */
function kind(value) {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
  return Object.getPrototypeOf(value)?.constructor?.name ?? 'object without a prototype';
}

function outcome(one, earlier) {
  const seen = { called: 0 };
  const raw = build(one, seen);
  let given;
  try {
    given = exercise.accept(raw);
  } catch (error) {
    pass(error);
    return {
      raised: error?.name ?? kind(error), fitting: error instanceof TypeError || error instanceof RangeError,
      message: String(error?.message ?? ''), text: `${inspect(error)}\n${error?.stack}`, called: seen.called,
    };
  }
  given?.catch?.(() => {}); // an async accept: its rejections are not unhandled
  const gave = { a: kind(given), plain: false, raw: typeof given === 'object' && given === raw, again: earlier.includes(given), fields: null };
  if (typeof given === 'object' && given !== null && typeof given.then !== 'function') {
    const prototype = Object.getPrototypeOf(given);
    gave.plain = prototype === null || prototype === Object.prototype;
    gave.fields = {};
    for (const key of Reflect.ownKeys(given)) {
      const value = Object.hasOwn(Reflect.getOwnPropertyDescriptor(given, key) ?? {}, 'value') ? told(given[key]) : { odd: 'an accessor' };
      Object.defineProperty(gave.fields, String(key), { value, enumerable: true });
    }
    earlier.push(given);
  }
  return { gave, called: seen.called };
}

export function acceptAll(memory, thread, cases) {
  const earlier = [];
  return cases.map((one) => outcome(one, earlier));
}
