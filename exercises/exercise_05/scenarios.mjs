// What is done with a learner's increment and transfer. Thread functions are called as fn(memory, index, ...arguments).
import { attempt } from 'stateful';
import * as exercise from 'exercise';

export const NAMES = ['increment', 'transfer'];

const words = (balances) => ({ memory: [...balances, ...Array(16 - balances.length).fill(0)] });

export const scenarios = {
  // one thread increments words in turn
  counting: ({ indices }) => ({ memory: words([]), threads: [['count', indices]] }),
  // several threads increment the same word
  adding: ({ threads, times }) => ({ memory: words([]), threads: Array(threads).fill(['add', 0, times]) }),
  // one thread calls transfer with each [source, target, amount] in turn
  calling: ({ balances, calls }) => ({ memory: words(balances), threads: [['call', calls, balances.length]] }),
  // a thread for each plan, a plan being a list of [source, target, amount]
  transferring: ({ balances, plans }) => ({ memory: words(balances), threads: plans.map((plan) => ['move', plan]) }),
  // one thread increments a word, the others transfer from it and to it
  incrementing: ({ balances, times, plans }) => ({
    memory: words(balances),
    threads: [['add', 0, times], ...plans.map((plan) => ['move', plan])],
  }),
};

export function count({ memory }, thread, indices) {
  return indices.map((index) => {
    exercise.increment(memory, index);
    return [...memory.subarray(0, 8)];
  });
}

export function add({ memory }, thread, index, times) {
  for (let i = 0; i < times; i++) exercise.increment(memory, index);
}

export function call({ memory }, thread, calls, accounts) {
  return calls.map(([source, target, amount]) => {
    const outcome = attempt(() => exercise.transfer(memory, source, target, amount));
    if (outcome.gave !== undefined && typeof outcome.gave !== 'boolean') outcome.gave = String(outcome.gave);
    return { ...outcome, balances: [...memory.subarray(0, accounts)], held: [] };
  });
}

export function move({ memory }, thread, plan) {
  return plan.map(([source, target, amount]) => exercise.transfer(memory, source, target, amount));
}
