// How an error or a line of the learner's file is told to the judge.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isUnwritten } from '../interleave/node/unwritten.mjs';

const LONGEST_STACK = 100_000; // characters

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
      return { type: 'an error', message: 'its text cannot be read', unwritten: false }; // its getters throw, or it has none
    }
  }

  #told(error) {
    const told = {
      type: String(error?.name ?? typeof error).slice(0, 200),
      message: String(error?.message ?? error).slice(0, 500),
      unwritten: isUnwritten(error),
    };
    const frame = String(error?.stack ?? '').slice(0, LONGEST_STACK).split('\n').find((line) => line.includes(this.url));
    const line = frame && Number(frame.slice(frame.indexOf(this.url) + this.url.length).match(/^:(\d+)/)?.[1]);
    return line ? { ...told, ...this.lineOf(line, '') } : told;
  }

  lineOf(line, name) {
    return { line, source: (this.lines[line - 1] ?? '').trim().slice(0, 200), function: name };
  }
}
