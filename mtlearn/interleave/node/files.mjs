// Files are shared by all threads: each call that looks at them or changes them is a yield point.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { begun } from './awaits.mjs';
import { define } from './define.mjs';
import { active } from './scheduler.mjs';
import { called, stand } from './steps.mjs';
import { thread } from './elements.mjs';

const { apply } = Reflect;

/** Replace the functions that do not call back; before uncontrolled.mjs, which stands around them. */
export function installFiles() {
  const fs = createRequire(import.meta.url)('node:fs');
  for (const name of Object.keys(fs).filter((each) => each.endsWith('Sync'))) {
    const original = fs[name];
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
