// Hooks of Node's module loader: "exercise" stands for the learner's file, modules are evaluated anew where that is
// asked for, and what is loaded is rewritten (rewrite.mjs). An older Node runs them in a thread of their own.
import { readFileSync } from 'node:fs';
import { NAME, rename, rewrite } from './rewrite.mjs';

const EXERCISE = 'exercise';
const own = new URL('.', import.meta.url).href;
const house = new URL('../../', import.meta.url).href;

let exercise = null;
let rewritten = new Map(); // the text of a module → the same, rewritten

/** `known` are texts that somebody has rewritten before. */
export function initialize({ url, known, name }) {
  rename(name);
  exercise = url;
  rewritten = new Map(known);
}

/** Evaluate a module anew with the one that imports it, where that is evaluated anew. */
function anew(found, parent) {
  const query = /\?schedule=\d+$/.exec(parent ?? '')?.[0] ?? '';
  const isFile = found.url.startsWith('file:') && !found.url.includes('?') && !found.url.includes('/node_modules/');
  return query && isFile ? { ...found, url: found.url + query } : found;
}

/** The explorer's own modules are nobody else's. */
function checked(found, parent) {
  if (found.url.startsWith(own) && parent && !parent.startsWith(house)) throw new Error(`Cannot find module '${found.url}'`);
  return found;
}

const isExercise = (name) => name === EXERCISE && exercise;
const ofExercise = () => ({ url: exercise, shortCircuit: true });

// What is put behind a module that could not be rewritten: if it loads all the same, it has no yield points.
const unread = () => `\n;globalThis.${NAME}?.unread();`;

/** Give the text of a module rewritten; where it cannot be read, loading it says why, or the explorer is told. */
export function rewrittenText(source, isModule) {
  const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
  if (!rewritten.has(text)) rewritten.set(text, rewrittenOr(text, isModule));
  return rewritten.get(text);
}

function rewrittenOr(text, isModule) {
  try {
    return rewrite(text, isModule);
  } catch {
    return text + unread();
  }
}

/** Rewrite files ahead: pairs of what is in them and the same, rewritten. */
export function rewrittenFiles(files) {
  const isModule = (file) => !file.endsWith('.cjs');
  return files.flatMap((file) => {
    try {
      const text = readFileSync(file, 'utf8');
      return [[text, rewrite(text, isModule(file))]];
    } catch {
      return []; // whoever loads it says why
    }
  });
}

function loaded(url, found) {
  if (url.startsWith('node:') || url.startsWith(own) || !found.format?.startsWith('module') || found.source == null) return found;
  return { ...found, source: rewrittenText(found.source, true) };
}

export async function resolve(name, context, next) {
  const { parentURL } = context;
  return anew(isExercise(name) ? ofExercise() : checked(await next(name, context), parentURL), parentURL);
}

export async function load(url, context, next) {
  return loaded(url, await next(url, context));
}

/** The same for a Node that runs hooks where modules are loaded. */
export const here = {
  resolve: (name, context, next) =>
    anew(isExercise(name) ? ofExercise() : checked(next(name, context), context.parentURL), context.parentURL),
  load: (url, context, next) => loaded(url, next(url, context)),
};
