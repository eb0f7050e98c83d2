// Every scene as a scenario. The file of the scene takes the place of a learner's.
import { memory, threads } from 'exercise';

export * from 'exercise';
export const NAMES = ['memory', 'threads'];
export const scenarios = { scene: () => ({ memory, threads }) };
