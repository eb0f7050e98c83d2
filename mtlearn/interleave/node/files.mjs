// Files are shared by all threads: each call that looks at them or changes them is a yield point. What a schedule makes
// is removed before the next, which begins as the first one did.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { begun } from './awaits.mjs';
import { define } from './define.mjs';
import { active, tell } from './block.mjs';
import { called, stand } from './steps.mjs';
import { thread } from './elements.mjs';

const { apply } = Reflect;

// Which argument is the path of what is made; null: that is what the function gives.
const MAKES = {
  writeFileSync: 0, appendFileSync: 0, openSync: 0, mkdirSync: 0, mkdtempSync: null,
  copyFileSync: 1, cpSync: 1, renameSync: 1, linkSync: 1, symlinkSync: 1,
}; // prettier-ignore
const TAKES = ['renameSync', 'unlinkSync', 'rmSync', 'rmdirSync']; // their first argument is gone afterwards

const resolve = (given) => path.resolve(given instanceof URL ? fileURLToPath(given) : String(given));
const isPath = (given) => typeof given === 'string' || given instanceof URL || Buffer.isBuffer(given);

/** Call a function that may make something or take it away, and tell the host what. */
function changing(name, original, isThere) {
  const which = MAKES[name];
  return function (...args) {
    const given = args[which];
    const took = TAKES.includes(name) && isPath(args[0]) && isThere(args[0]) ? resolve(args[0]) : undefined;
    const made = isPath(given) && !isThere(given) ? resolve(given) : undefined;
    const result = apply(original, this, args);
    const first = name.startsWith('mk') && result ? resolve(result) : made; // of several folders the outermost
    if (took || first) tell({ file: { took, made: first } });
    return result;
  };
}

/** Replace the functions that do not call back; before uncontrolled.mjs, which stands around them. */
export function installFiles() {
  const fs = createRequire(import.meta.url)('node:fs');
  const { lstatSync } = fs;
  const isThere = (file) => {
    try {
      return Boolean(lstatSync(file));
    } catch {
      return false;
    }
  };
  for (const name of Object.keys(fs).filter((each) => each.endsWith('Sync'))) {
    const original = name in MAKES || TAKES.includes(name) ? changing(name, fs[name], isThere) : fs[name];
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
