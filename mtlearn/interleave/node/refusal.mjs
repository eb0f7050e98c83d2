// What a thread may do that the scheduler cannot order: say so instead of giving a verdict.
import { UNCONTROLLED } from './control.mjs';
import { define } from './define.mjs';
import { active, tell } from './block.mjs';
import { giveUp } from './scheduler.mjs';
import { where } from './steps.mjs';

let before = null; // said while the modules were loaded, when no schedule runs

/** End the schedule: it does what cannot be controlled, in one of these lines; by default in the one that calls. */
export function refuse(what, lines = [where()[1]]) {
  const known = [...new Set(lines)].filter(Boolean);
  const said = known.length ? `${what} (line ${known.join(' or ')})` : what;
  if (!active()) {
    before ??= said;
    return;
  }
  tell({ uncontrolled: said });
  giveUp(UNCONTROLLED);
}

export const refusedAtLoad = () => before;

/** Let functions of a module refuse; `text` says why, from a name. */
export function forbid(module, names, text) {
  for (const name of names) {
    if (typeof module[name] !== 'function') continue;
    define(module, name, function () {
      refuse(text(name));
      return undefined;
    });
  }
}
