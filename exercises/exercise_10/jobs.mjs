// A program that logs with the learner's logEvent, each line written at once by its sink, and then ends.
import { writeSync } from 'node:fs';
import { logEvent } from 'exercise';

const [end, lines] = process.argv.slice(2);
for (let line = 0; line < Number(lines); line++) logEvent((text) => void writeSync(1, `${text}\n`), 'step', { line });
if (end === 'an uncaught error') throw new Error('nobody catches this');
else if (end === 'an unhandled rejection') Promise.reject(new Error('nobody catches this'));
else if (end === 'process.exit()') process.exit();
