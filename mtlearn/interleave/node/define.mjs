// Functions in the place of others, that look as those did: to a program that asks whether it is explored, too.
import types from 'node:util/types';

const { defineProperty, getOwnPropertyDescriptor, hasOwn } = Object;
const { apply, ownKeys } = Reflect;
const { toString } = Function.prototype;
const isProxy = types.isProxy;

const originals = new WeakMap(); // what stands in for a function → that function
const hiddenNames = new Set(); // of the global object

/** Let a function pass for another: by its name, its number of parameters and its text. */
export function disguise(value, original, name = original.name) {
  originals.set(value, originals.get(original) ?? original);
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(value, 'length', { value: original.length, configurable: true });
  return value;
}

const methods = new WeakMap(); // function → the same, as a method

/** The same for one that could be called with `new`, where the original cannot. */
function plain(value, original) {
  if (hasOwn(original, 'prototype') || !hasOwn(value, 'prototype')) return value;
  if (!methods.has(value)) methods.set(value, { call(...args) { return apply(value, this, args); } }.call);
  return methods.get(value);
}

/** Put a function in the place of another, as that was: not to be seen in a list where that was not, of the same name. */
export function define(object, name, value, called = undefined) {
  const before = getOwnPropertyDescriptor(object, name);
  const { enumerable = false, value: original } = before ?? {};
  let given = value;
  if (typeof value === 'function') {
    if (typeof original === 'function') given = disguise(plain(value, original), original, called ?? original.name);
    else defineProperty(value, 'name', { value: called ?? name, configurable: true });
  }
  defineProperty(object, name, { value: given, enumerable, writable: true, configurable: true });
}

/** Put something into the global object that nobody finds there who does not know its name. */
export function defineUnseen(name, value) {
  hiddenNames.add(name);
  defineProperty(globalThis, name, { value, enumerable: false, writable: false, configurable: false });
}

const seen = (object, names) => (object === globalThis ? names.filter((name) => !hiddenNames.has(name)) : names);

/** Replace what tells of a replacement; `ownText` is called where a function's text is asked for that was rewritten. */
export function installDisguise(util, ownText) {
  define(Function.prototype, 'toString', function () {
    const text = apply(toString, originals.get(this) ?? this, []);
    for (const name of hiddenNames) if (text.includes(name)) ownText();
    return text;
  });
  const isProxyOf = (value) => isProxy(value) && !originals.has(value);
  define(util.types, 'isProxy', isProxyOf);
  define(Object, 'getOwnPropertyNames', (object) => seen(object, getOwnPropertyNames(object)));
  define(Reflect, 'ownKeys', (object) => seen(object, ownKeys(object)));
  define(Object, 'getOwnPropertyDescriptors', (object) => {
    const found = getOwnPropertyDescriptors(object);
    if (object === globalThis) for (const name of hiddenNames) delete found[name];
    return found;
  });
}

const { getOwnPropertyDescriptors, getOwnPropertyNames } = Object;
