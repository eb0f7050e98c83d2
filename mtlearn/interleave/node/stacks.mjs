// Stacks as the learner's program would have them elsewhere: mtlearn's own frames are in none.
const own = new URL('../../', import.meta.url).href;
const course = new URL('content/', own).href; // where an installed mtlearn has its scenes: they are programs, too

const { apply } = Reflect;
const { startsWith } = String.prototype;

/** Those of the frames that are not mtlearn's; filled by index, as every method may have been replaced. */
function othersOf(frames) {
  const found = [];
  for (let i = 0; i < frames.length; i++)
    if (!isOwn(`${frames[i].getFileName()}`)) found[found.length] = frames[i];
  return found;
}

const isOwn = (file) => apply(startsWith, file, [own]) && !apply(startsWith, file, [course]);

/** From now on, in this realm. */
export function installStacks() {
  let given; // by the program, or by steps.mjs
  const { toString } = Error.prototype;
  const prepare = (error, all) => {
    const frames = othersOf(all);
    if (given) return given(error, frames);
    let text;
    try {
      text = apply(toString, error, []);
    } catch {
      text = 'Error';
    }
    for (let i = 0; i < frames.length; i++) text += `\n    at ${frames[i]}`;
    return text;
  };
  Object.defineProperty(Error, 'prepareStackTrace', {
    get: () => prepare,
    set: (next) => {
      given = next === prepare ? undefined : next;
    },
    configurable: true,
    enumerable: false,
  });
}

/** Whether it is Node.js itself that has called the function of mtlearn's that asks. */
export function calledByNode() {
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = (_, frames) => frames;
  const { stack } = new Error();
  Error.prepareStackTrace = prepareStackTrace;
  let at = 0;
  while (at < stack.length && !stack[at].getFileName()) at++; // what is built in, such as String
  return at < stack.length && apply(startsWith, stack[at].getFileName(), ['node:']);
}
