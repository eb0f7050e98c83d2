// Some threads that each call the learner's `work` once.
import * as exercise from 'exercise';

export const NAMES = ['work'];
export const scenarios = {
  working: ({ threads }) => ({ memory: { memory: [0] }, threads: Array(threads).fill(['work']) }),
};
export const work = ({ memory }, index) => exercise.work(memory, index);
