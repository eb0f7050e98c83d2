// Loads the scenario, as an ES module or CommonJS, with "exercise" standing for the learner's file.
import module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NAME = 'exercise';

/** Where the hooks of an older Node come from: they run in a thread of their own, so they come as text. */
const HOOKS = `
let exercise;
export const initialize = (url) => { exercise = url; };
const anew = ${anew};
export async function resolve(name, context, next) {
  const found = name === ${JSON.stringify(NAME)} && exercise ? { url: exercise, shortCircuit: true } : await next(name, context);
  return anew(found, context.parentURL);
}`;

/** Evaluate a module anew with the one that imports it, where that is evaluated anew. */
function anew(found, parent) {
  const query = /\?schedule=\d+$/.exec(parent ?? '')?.[0] ?? '';
  const isFile = found.url.startsWith('file:') && !found.url.includes('?') && !found.url.includes('/node_modules/');
  return query && isFile ? { ...found, url: found.url + query } : found;
}

export class Loader {
  constructor(script, exercise) {
    this.script = pathToFileURL(script).href;
    hook(exercise ? pathToFileURL(exercise).href : null);
    this.files = [script, exercise].filter(Boolean);
  }

  /** Give the function the scenario exports under this name. Another number evaluates the modules anew. */
  async load(name, number) {
    if (number) {
      const { cache } = createRequire(import.meta.url);
      for (const file of this.files) delete cache[file];
    }
    const exported = await import(number ? `${this.script}?schedule=${number}` : this.script);
    const found = exported[name] ?? exported.default?.[name];
    if (typeof found !== 'function') {
      const what = found === undefined ? 'nothing' : `a ${typeof found}`;
      throw new TypeError(`the scenario should export a function "${name}", it exports ${what} under that name`);
    }
    return found;
  }
}

function hook(exercise) {
  if (exercise) {
    const path = fileURLToPath(exercise);
    const resolveFilename = module._resolveFilename;
    module._resolveFilename = function (name, ...rest) {
      return name === NAME ? path : Reflect.apply(resolveFilename, this, [name, ...rest]);
    };
  }
  if (!module.registerHooks) {
    module.register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, { data: exercise });
    return;
  }
  module.registerHooks({
    resolve(name, context, next) {
      const found = name === NAME && exercise ? { url: exercise, shortCircuit: true } : next(name, context);
      return anew(found, context.parentURL);
    },
  });
}
