// What a module says about its own program: memory, threads and check. Then each line of standard input is an
// observation, and is answered with what is wrong with it, or null.
import readline from 'node:readline';
import { pathToFileURL } from 'node:url';
import { takeInput } from './streams.mjs';
import { writeAll } from './write.mjs';

const send = (value) => writeAll(1, `${JSON.stringify(value)}\n`);
const input = takeInput();
console.log = console.info = () => {}; // what the module prints is no answer

const isFunction = (module, name) => typeof name === 'string' && typeof module[name] === 'function';
const isWords = (words) => Array.isArray(words) && words.every(Number.isInteger);

async function main() {
  let module;
  try {
    module = await import(pathToFileURL(process.argv[2]).href);
  } catch (error) {
    send({ failed: String(error) });
    return;
  }
  const { memory, threads, check } = module;
  const named = Array.isArray(threads) ? threads.map((each) => (typeof each === 'function' ? each.name : each)) : [];
  send({
    memory: memory && typeof memory === 'object' && Object.values(memory).every(isWords) ? memory : null,
    threads: named.length && named.every((name) => isFunction(module, name)) ? named : null,
    check: typeof check === 'function' ? true : null,
    there: { memory: memory !== undefined, threads: threads !== undefined, check: check !== undefined },
  });
  for await (const line of readline.createInterface({ input, crlfDelay: Infinity })) {
    const observation = JSON.parse(line);
    let wrong = null;
    try {
      if ((await check(observation.memory, observation.returns)) === false) wrong = 'the check says no: it returned false';
    } catch (error) {
      wrong = error instanceof Error ? error.message || String(error) : String(error);
    }
    send({ wrong });
  }
}

await main();
process.exit(0);
