// How an error or a place in the learner's file is told to the judge.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

export class Evidence {
  constructor(file) {
    this.url = pathToFileURL(file).href;
    try {
      this.lines = readFileSync(file, 'utf8').split('\n');
    } catch {
      this.lines = []; // the learner may delete the file meanwhile
    }
  }

  /** An error: type, message, and the line of the learner's file it came from. */
  error(error) {
    try {
      return this.#told(error);
    } catch {
      return { type: 'an error', message: 'its text cannot be read' }; // its getters throw, or it has none
    }
  }

  #told(error) {
    const told = { type: String(error?.name ?? typeof error), message: String(error?.message ?? error).slice(0, 500) };
    const place = String(error?.stack ?? '').split('\n').find((line) => line.includes(this.url));
    const line = place && Number(place.slice(place.indexOf(this.url) + this.url.length).match(/^:(\d+)/)?.[1]);
    return line ? { ...told, ...this.place(line, '') } : told;
  }

  place(line, name) {
    return { line, source: (this.lines[line - 1] ?? '').trim().slice(0, 200), function: name };
  }
}
