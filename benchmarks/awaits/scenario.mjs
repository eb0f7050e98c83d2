// A program of this folder as mtlearn explores it: each answer comes after a timer, as nothing of it is wrapped.
import { run as program } from 'exercise';

export const run = (memory) => program(memory, (value) => new Promise((go) => setTimeout(() => go(value), 5)));
