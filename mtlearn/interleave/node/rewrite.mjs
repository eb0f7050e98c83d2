// Rewrites a module as it is loaded, so that its index expressions and its awaits pass through the explorer:
// `a[i]` reads `$explored.get(a, i)`, `a[i] += 1` reads `$explored.ref(a, i).value += 1`, `await p` reads
// `await $explored.wait(p)`. So a typed array stays what it is for everybody else. No line changes its number.
//
// The parser is acorn, which every Node.js has inside (its REPL reads with it).
export let NAME = '$explored';

/** Call it otherwise, before anything is rewritten: a name that nobody can guess is asked for by nobody. */
export function rename(name) {
  NAME = name;
}

// Names that a program has no other use for than to find out whether it is watched, and parts of texts.
const TELLTALES = new Set([
  'prepareStackTrace', 'getCallSite', 'getCallSites', 'showProxy', 'eventLoopUtilization', 'timeOrigin', 'nodeTiming',
  'execArgv', 'mainModule', 'createHook', 'promiseHooks', 'registerHooks', 'inspector', 'node:inspector',
  'inspector/promises', 'node:inspector/promises', 'eval',
]);
const TELLING = /mtlearn|\/proc\/self/i;

export const telltale = (text) => (TELLTALES.has(text) || TELLING.test(text) ? text.slice(0, 40) : null);

const MadeOfText = Function; // the real one, before the learner's replaces it
const binding = process.binding?.bind(process);
let parser = null;

function acorn() {
  if (parser) return parser;
  const source = binding('natives')['internal/deps/acorn/acorn/dist/acorn'];
  const module = { exports: {} };
  new MadeOfText('exports', 'module', source)(module.exports, module);
  return (parser = module.exports);
}

/** Pieces of text to be put in or in place of others; what was added first at a position stands first. */
class Edits {
  constructor(source) {
    this.source = source;
    this.edits = [];
  }

  insert(at, text) {
    this.edits.push([at, at, text]);
  }

  replace(from, to, text) {
    this.edits.push([from, to, text]);
  }

  /** Put `before` and `after` around a node. */
  wrap({ start, end }, before, after) {
    this.insert(start, before);
    this.insert(end, after);
  }

  toString() {
    // What is put in stands before what is replaced there; otherwise the order of adding counts, and sorting keeps it.
    const { source, edits } = this;
    let text = '';
    let at = 0;
    for (const [from, to, piece] of edits.sort((a, b) => a[0] - b[0] || Math.sign(a[1] - a[0]) - Math.sign(b[1] - b[0]))) {
      text += source.slice(at, from) + piece;
      at = to;
    }
    return text + source.slice(at);
  }
}

/** Give the source rewritten. Raises SyntaxError where the parser does not know it. */
export function rewrite(source, isModule) {
  const brackets = []; // where each `[` and `?.` is
  const { parse } = acorn();
  const tree = parse(source, {
    ecmaVersion: 'latest',
    sourceType: isModule ? 'module' : 'script',
    allowHashBang: true,
    allowReturnOutsideFunction: !isModule,
    onToken: ({ type, start }) => {
      if (type.label === '[') brackets.push(start);
    },
  });
  const edits = new Edits(source);
  const walk = new Walk(edits, brackets);
  walk.visit(tree, null, '');
  const line = walk.asks && source.slice(0, walk.asks.at).split('\n').length;
  return String(edits) + (walk.asks ? `\n;${NAME}.asks(${line}, ${JSON.stringify(walk.asks.what)});` : '');
}

const PAUSES = new Set(['AwaitExpression', 'YieldExpression']);

class Walk {
  constructor(edits, brackets) {
    this.edits = edits;
    this.brackets = brackets;
    this.asks = null; // the first place that asks for what tells whether it is watched
  }

  ask(node, text) {
    const what = typeof text === 'string' ? telltale(text) : null;
    if (what && !(this.asks?.at <= node.start)) this.asks = { at: node.start, what };
  }

  Identifier(node, parent, role) {
    const isCall = parent.type === 'CallExpression' && role === 'callee';
    if (node.name !== 'eval' || !(isCall || role === 'key')) this.ask(node, node.name);
  }

  Literal(node, parent, role) {
    if (role !== 'source' || TELLTALES.has(node.value)) this.ask(node, node.value); // where a module lies tells nothing
  }

  TemplateElement(node) {
    this.ask(node, node.value.cooked);
  }

  BinaryExpression(node) {
    this.ask(node, constant(node));
  }

  /** Its URL has a number behind it, where the module is evaluated anew. */
  MetaProperty(node) {
    if (node.meta.name === 'import') this.edits.wrap(node, `${NAME}.meta(`, ')');
  }

  /** Visit a node that its parent has under this name. */
  visit(node, parent, role) {
    if (node.type === 'Property') node.inPattern = parent.type === 'ObjectPattern';
    this[node.type]?.(node, parent, role);
    for (const [name, child] of Object.entries(node)) {
      if (Array.isArray(child)) for (const item of child) item?.type && this.visit(item, node, name);
      else if (child?.type && name !== 'loc') this.visit(child, node, name);
    }
  }

  MemberExpression(node, parent, role) {
    const { object, property, computed, optional } = node;
    if (!computed || object.type === 'Super' || isName(property)) return;
    const called = role === 'callee' || role === 'tag';
    if (called && property.type !== 'Literal') this.edits.wrap(property, `${NAME}.key((`, '))');
    if (called || (parent.type === 'UnaryExpression' && parent.operator === 'delete')) return;
    const { edits } = this;
    const bracket = this.bracketAfter(object.end);
    const [open, close] = property.type === 'SequenceExpression' ? [', (', '))'] : [', ', ')'];
    if (isTarget(parent, role)) {
      edits.insert(node.start, `${NAME}.ref(`);
      edits.replace(bracket, bracket + 1, open);
      edits.replace(node.end - 1, node.end, `${close}.value`);
    } else if (optional || hasOptional(object)) {
      if (parent.type !== 'ChainExpression') return; // in the middle of a chain, which may be cut short
      const dots = optional ? this.edits.source.lastIndexOf('?.', bracket) : bracket;
      const key = contains(property, PAUSES) ? [open, close] : [', () => (', '))'];
      edits.insert(node.start, `${NAME}.chain(`);
      edits.replace(dots, bracket + 1, key[0]);
      edits.replace(node.end - 1, node.end, key[1]);
    } else {
      edits.insert(node.start, `${NAME}.get(`);
      edits.replace(bracket, bracket + 1, open);
      edits.replace(node.end - 1, node.end, close);
    }
  }

  bracketAfter(position) {
    const { brackets } = this;
    let [low, high] = [0, brackets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (brackets[middle] < position) low = middle + 1;
      else high = middle;
    }
    return brackets[low];
  }

  AwaitExpression({ argument }) {
    const [open, close] = argument.type === 'SequenceExpression' ? ['((', '))'] : ['(', ')'];
    this.edits.wrap(argument, `${NAME}.wait${open}`, close);
  }

  VariableDeclarator({ id, init }) {
    if (init && takesElements(id)) this.edits.wrap(init, `${NAME}.elements(`, ')');
  }

  AssignmentExpression({ left, right }) {
    if (takesElements(left)) this.edits.wrap(right, `${NAME}.elements(`, ')');
  }

  SpreadElement({ argument }, parent) {
    if (parent.type === 'ObjectExpression') this.edits.wrap(argument, `${NAME}.whole(`, ')');
  }

  CallExpression({ callee, arguments: given }) {
    const first = given[0];
    const last = given.at(-1);
    if (!first || first.type === 'SpreadElement') return;
    if (callee.type === 'Identifier' && callee.name === 'eval') this.edits.wrap(first, `${NAME}.source(`, ')');
    if (callee.type !== 'MemberExpression' || callee.computed) return;
    const { name } = callee.property;
    if (name === 'apply' && given.length > 1 && last.type !== 'ArrayExpression')
      this.edits.wrap(last, `${NAME}.whole(`, ')');
    if (name === 'call' && callee.object.type === 'MemberExpression' && isArrayPrototype(callee.object.object))
      this.edits.wrap(first, `${NAME}.elements(`, ')');
  }
}

/** The text that is put together from constants; undefined for anything else. */
function constant(node) {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  if (node.type !== 'BinaryExpression' || node.operator !== '+') return undefined;
  const [left, right] = [constant(node.left), constant(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** A key that can never be the index of an element. */
const isName = ({ type, value }) => type === 'PrivateIdentifier' || (type === 'Literal' && typeof value === 'string' && !/^\d/.test(value));

/** Is what the parent has under that name written to? */
function isTarget(parent, role) {
  switch (parent.type) {
    case 'AssignmentExpression':
    case 'AssignmentPattern':
    case 'ForInStatement':
    case 'ForOfStatement':
      return role === 'left';
    case 'UpdateExpression':
    case 'RestElement':
      return role === 'argument';
    case 'ArrayPattern':
      return true;
    case 'Property':
      return role === 'value' && parent.inPattern;
    default:
      return false;
  }
}

/** Does a pattern such as `{ 0: first }` take elements by their index? */
function takesElements(pattern) {
  if (pattern.type !== 'ObjectPattern') return false;
  return pattern.properties.some(({ key, computed }) => computed || (key?.type === 'Literal' && /^\d/.test(key.value)));
}

const hasOptional = (node) =>
  node.optional === true ||
  ((node.type === 'MemberExpression' && hasOptional(node.object)) || (node.type === 'CallExpression' && hasOptional(node.callee)));

function contains(node, types) {
  if (types.has(node.type)) return true;
  return Object.values(node).some((child) =>
    Array.isArray(child) ? child.some((item) => item?.type && contains(item, types)) : child?.type && contains(child, types),
  );
}

/** `Array.prototype` or `[]`, whose methods are borrowed. */
const isArrayPrototype = (node) =>
  (node.type === 'ArrayExpression' && node.elements.length === 0) ||
  (node.type === 'MemberExpression' && node.object.name === 'Array' && node.property.name === 'prototype');
