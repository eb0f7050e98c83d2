// Loads the scenario, as an ES module or CommonJS, with "exercise" standing for the learner's file.
import module, { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { define } from './define.mjs';
import { here, initialize, rewrittenText } from './hooks.mjs';

const NAME = 'exercise';

export class Loader {
  constructor(script, exercise, known, name) {
    this.script = pathToFileURL(script).href;
    hook(exercise ? pathToFileURL(exercise).href : null, known, name);
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

function hook(exercise, known, own) {
  if (exercise) {
    const path = fileURLToPath(exercise);
    const resolveFilename = module._resolveFilename;
    define(module, '_resolveFilename', function (name, ...rest) {
      return name === NAME ? path : Reflect.apply(resolveFilename, this, [name, ...rest]);
    });
  }
  const compile = module.prototype._compile;
  define(module.prototype, '_compile', function (text, file, ...rest) {
    return Reflect.apply(compile, this, [rewrittenText(text, false), file, ...rest]);
  });
  if (module.registerHooks) {
    initialize({ url: exercise, known, name: own });
    module.registerHooks(here);
  } else module.register(new URL('hooks.mjs', import.meta.url), { data: { url: exercise, known, name: own } });
}
