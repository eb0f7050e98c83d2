// The generic mutants of a program for Node.js, for mutation.py: reads it on standard input, writes [{ what, text }].
//
//     node --expose-internals mutation_node.mjs < solution.mjs
//
// The parser is acorn, as it lies in Node.js itself. mutation.py lists what is changed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const acorn = createRequire(import.meta.url)('internal/deps/acorn/acorn/dist/acorn');
const source = readFileSync(0, 'utf8');
const SWAPPED = {
  '<': '<=', '<=': '<', '>': '>=', '>=': '>', '===': '!==', '!==': '===', '==': '!=', '!=': '==',
  '+': '-', '-': '+', '&&': '||', '||': '&&', '??': '&&', '+=': '-=', '-=': '+=', '??=': '=', '++': '--', '--': '++',
};
const METHODS = {
  shift: 'pop', pop: 'shift', push: 'unshift', unshift: 'push', once: 'on', min: 'max', max: 'min', some: 'every',
  every: 'some', all: 'allSettled', allSettled: 'all',
};
const isAssigned = ({ type, expression }) => type === 'VariableDeclaration' || expression?.operator === '=';
const isSimple = ({ type }) => type === 'ExpressionStatement' || type === 'VariableDeclaration';
const found = new Map();

const part = ({ start, end }) => source.slice(start, end);

/** Note the program with some pieces replaced: [start, end, text], in order. */
function mutant(what, ...pieces) {
  let text = '', done = 0;
  for (const [start, end, now] of pieces) {
    text += source.slice(done, start) + now;
    done = end;
  }
  text += source.slice(done);
  try {
    acorn.parse(text, { ecmaVersion: 'latest', sourceType: 'module' });
  } catch {
    return;
  }
  if (text !== source && !found.has(text)) found.set(text, what);
}

const put = (what, node, now) => mutant(what, [node.start, node.end, now]);

/** The operator between two nodes. */
function operator(what, left, right, old) {
  const at = source.indexOf(old, left.end);
  if (SWAPPED[old] && at >= 0 && at < right.start) mutant(what, [at, at + old.length, SWAPPED[old]]);
}

function jumps(node) {
  if (!node || typeof node !== 'object') return false;
  if (node.type === 'BreakStatement' || node.type === 'ContinueStatement') return true;
  return Object.values(node).some((inner) => (Array.isArray(inner) ? inner.some(jumps) : jumps(inner)));
}

const OPERATORS = {
  BinaryExpression: (node) => operator('operator', node.left, node.right, node.operator),
  LogicalExpression: (node) => operator('operator', node.left, node.right, node.operator),
  AssignmentExpression: (node) => operator('operator', node.left, node.right, node.operator),
  UnaryExpression: (node) => node.operator === '!' && put('drop not', node, part(node.argument)),
  UpdateExpression: (node) => put('operator', node, part(node).replace(/\+\+|--/, (old) => SWAPPED[old])),
  AwaitExpression: (node) => put('drop await', node, part(node.argument)),
  ExpressionStatement: (node) => !node.directive && put('drop statement', node, ';'),
  ReturnStatement(node) {
    put('drop return', node, node.argument ? `${part(node.argument)};` : ';');
    if (node.argument) put('return nothing', node, 'return;');
  },
  ThrowStatement: (node) => put('drop error branch', node, ';'),
  IfStatement: (node) => ['true', 'false'].forEach((now) => put('condition', node.test, now)),
  ConditionalExpression: (node) => ['true', 'false'].forEach((now) => put('condition', node.test, now)),
  WhileStatement(node) {
    if (!jumps(node.body)) mutant('while to if', [node.start, node.start + 5, 'if']);
    put('condition', node.test, 'false');
  },
  TryStatement(node) {
    if (node.handler) put('drop error branch', node.handler, 'catch (error) { throw error; }');
    if (!node.finalizer) return;
    const at = source.lastIndexOf('finally', node.finalizer.start);
    if (node.handler) mutant('drop finally', [at, node.finalizer.start, '']);
    else mutant('drop finally', [node.start, node.block.start, ''], [at, node.finalizer.start, '']);
  },
  Literal(node) {
    if (typeof node.value === 'number') put('number', node, String(node.value + 1));
    if (typeof node.value === 'boolean') put('boolean', node, String(!node.value));
  },
  ChainExpression: (node) => put('drop ?.', node, part(node).replace('?.', '.')),
  CallExpression({ callee, arguments: given, start, end }) {
    if (callee.type !== 'MemberExpression' || callee.computed) return;
    const method = callee.property.name;
    if (callee.object.name === 'Atomics' && given.length > 1) { // no longer atomic
      const [memory, index, value] = given.map(part);
      const plain = { load: `${memory}[${index}]`, store: `(${memory}[${index}] = ${value})` };
      const changed = { add: '+=', sub: '-=', or: '|=', and: '&=' }[method];
      const now = changed ? `(${memory}[${index}] ${changed} ${value})` : plain[method];
      if (now) mutant('drop atomic', [start, end, now]);
    }
    if (METHODS[method] && callee.object.name !== 'Atomics') put('method', callee.property, METHODS[method]);
  },
};

/** Each pair of simple statements that stand one after the other; for two assignments it hardly ever matters. */
function swaps(body) {
  body.forEach((second, index) => {
    const first = body[index - 1];
    if (!first || !isSimple(first) || !isSimple(second) || (isAssigned(first) && isAssigned(second))) return;
    mutant('swap statements', [first.start, first.end, part(second)], [second.start, second.end, part(first)]);
  });
}

function walk(node) {
  if (Array.isArray(node)) return node.forEach(walk);
  if (!node || typeof node.type !== 'string') return;
  OPERATORS[node.type]?.(node);
  if (node.type === 'BlockStatement') swaps(node.body);
  if (node.type !== 'ImportDeclaration') Object.values(node).forEach((inner) => typeof inner === 'object' && walk(inner));
}

walk(acorn.parse(source, { ecmaVersion: 'latest', sourceType: 'module' }));
process.stdout.write(JSON.stringify([...found].map(([text, what]) => ({ what, text }))));
