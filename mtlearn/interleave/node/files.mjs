// Files are shared by all threads: each call that looks at them or changes them is a yield point. What a schedule makes
// is removed before the next, which begins as the first one did.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { begun } from './awaits.mjs';
import { define } from './define.mjs';
import { active, tell } from './scheduler.mjs';
import { called, stand } from './steps.mjs';
import { thread } from './elements.mjs';

const { apply } = Reflect;

// Which argument is the path of what is made; null: that is what the function gives.
const MAKES = {
  writeFileSync: 0, appendFileSync: 0, openSync: 0, mkdirSync: 0, mkdtempSync: null,
  copyFileSync: 1, cpSync: 1, renameSync: 1, linkSync: 1, symlinkSync: 1,
}; // prettier-ignore

/** Call a function that may make something, and tell the host what. */
function making(name, original, exists) {
  const which = MAKES[name];
  return function (...args) {
    const given = which === null ? '' : args[which];
    const isPath = typeof given === 'string' || given instanceof URL || Buffer.isBuffer(given);
    const made = isPath && !exists(given) ? path.resolve(given instanceof URL ? fileURLToPath(given) : String(given)) : '';
    const result = apply(original, this, args);
    const first = name.startsWith('mk') && result; // of several folders the outermost
    if (made || first) tell({ made: first ? path.resolve(String(first)) : made });
    return result;
  };
}

/** Replace the functions that do not call back; before uncontrolled.mjs, which stands around them. */
export function installFiles() {
  const fs = createRequire(import.meta.url)('node:fs');
  const { existsSync } = fs;
  for (const name of Object.keys(fs).filter((each) => each.endsWith('Sync'))) {
    const original = name in MAKES ? making(name, fs[name], existsSync) : fs[name];
    const stepping = function (...args) {
      if (!active() || !begun) return apply(original, this, args);
      stand(thread, 'call', [`fs.${name}`, 0, 0]);
      try {
        return apply(original, this, args);
      } finally {
        called(thread, `fs.${name}`);
      }
    };
    define(fs, name, Object.assign(stepping, original));
  }
  syncBuiltinESMExports();
}
